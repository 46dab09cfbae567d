# Sourced by the guest's first process: Debian as the kiosk has it, from $system of this machine. What is written lies
# on the virtual disk where there is one, else in memory. The agent that the kernel's command line names runs as a
# unit; the touchscreen waits until a test asks for it.
written=/written inside=/root
agent=$(sed -n 's/.*maakhoek.agent=\([a-z]*\).*/\1/p' /proc/cmdline)
mkdir -p $written $inside
if [ -b /dev/vda ]; then mount -t ext4 /dev/vda $written || exec sh; else mount -t tmpfs memory $written; fi
mkdir -p $written/upper $written/work
mount -t overlay -o "lowerdir=/host$system,upperdir=$written/upper,workdir=$written/work" root $inside || exec sh
mount -t tmpfs -o mode=755 run $inside/run
units=$inside/run/systemd/system guest=$inside/run/guest
mkdir -p $units/multi-user.target.wants $units/maakhoek-kiosk.service.d $guest/slow/guest $guest/support
cp "/host$here/"*.py $guest/slow/guest/
cp "/host$here/../../support/"*.py $guest/support/
cat >$units/agent.service <<UNIT
[Unit]
After=maakhoek-bridge.service
[Service]
Environment=PYTHONPATH=/run/guest PATIENCE=10
ExecStart=/usr/bin/python3 -m slow.guest.$agent /dev/ttyS1
UNIT
ln -s ../agent.service $units/multi-user.target.wants/agent.service
printf '[Unit]\nConditionPathExists=/run/guest/touchscreen\n' >$units/maakhoek-kiosk.service.d/asked.conf
umount /proc /sys /dev
exec switch_root $inside /sbin/init
