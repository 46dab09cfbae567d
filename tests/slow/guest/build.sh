#!/bin/sh
# build.sh FOLDER: Debian's kernel and an initramfs with the few modules that the guests need.
# Nothing is installed; the guest reads everything else from this machine's own files. What it needs for Wi-Fi, and
# would do to this machine's own network if it were installed, is unpacked beside them.
set -eu
folder=$1
here=$(cd "$(dirname "$0")" && pwd)
modules="virtio_pci 9pnet_virtio 9p xhci_pci usbserial ftdi_sio virtio_blk crc32c_generic ext4 overlay \
    i6300esb virtio_net virtio_gpu virtio_input usb_storage sd_mod vfat nls_cp437 nls_ascii nls_utf8 usbhid hid_generic \
    evdev ctr ccm gcm cmac ecb"
loaded_later="mac80211_hwsim"
wifi="network-manager wpasupplicant hostapd dnsmasq-base"

mkdir -p "$folder/deb" "$folder/initramfs/bin" && cd "$folder"
image=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
[ -n "$image" ] || { echo "apt knows no linux-image-amd64: run apt-get update" >&2; exit 1; }
[ -d kernel ] || { (cd deb && apt-get -q download "$image") && dpkg-deb -x deb/linux-image-*.deb kernel.part && mv kernel.part kernel; }
release=$(ls kernel/lib/modules)
depmod -b kernel "$release"

target=initramfs/lib/modules/$release
mkdir -p "$target"
for module in $modules $loaded_later; do
    modprobe -d kernel -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | sort -u | while read -r path; do cp "$path" "$target/"; done
depmod -b initramfs "$release"
[ -d wifi ] || {
    mkdir -p wifi-deb wifi.part
    names=$(apt-get -s install --no-install-recommends $wifi | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
    (cd wifi-deb && apt-get -q download $names)
    for package in wifi-deb/*.deb; do dpkg-deb -x "$package" wifi.part; done
    for part in bin sbin lib; do
        [ ! -d wifi.part/$part ] || { cp -a wifi.part/$part wifi.part/usr/ && rm -r wifi.part/$part; }
    done
    mv wifi.part wifi
}
cp "$(command -v busybox)" initramfs/bin/busybox
sed "s|@MODULES@|$modules|; s|@HERE@|$here|; s|@BUILT@|$PWD|" "$here/init" > initramfs/init
chmod 755 initramfs/init
cp kernel/boot/vmlinuz-* vmlinuz
(cd initramfs && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) > initrd.part
mv initrd.part initrd
