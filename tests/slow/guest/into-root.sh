# Sourced by the guest's first process: Debian as the kiosk has it, from $system of this machine. What is written lies
# in memory. The agent that the kernel's command line names runs as a unit; the touchscreen waits until a test asks for it.
memory=/memory inside=/root
agent=$(sed -n 's/.*maakhoek.agent=\([a-z]*\).*/\1/p' /proc/cmdline)
mkdir -p $memory $inside
mount -t tmpfs memory $memory
mkdir $memory/upper $memory/work
mount -t overlay -o "lowerdir=/host$system,upperdir=$memory/upper,workdir=$memory/work" root $inside || exec sh
mount -t tmpfs -o mode=755 run $inside/run
units=$inside/run/systemd/system guest=$inside/run/guest
mkdir -p $units/multi-user.target.wants $units/maakhoek-kiosk.service.d $guest/slow/guest
cp "/host$here/line.py" "/host$here/$agent.py" $guest/slow/guest/
cat >$units/agent.service <<UNIT
[Unit]
After=maakhoek-bridge.service
[Service]
Environment=PYTHONPATH=/run/guest
ExecStart=/usr/bin/python3 -m slow.guest.$agent /dev/ttyS1
UNIT
ln -s ../agent.service $units/multi-user.target.wants/agent.service
printf '[Unit]\nConditionPathExists=/run/guest/touchscreen\n' >$units/maakhoek-kiosk.service.d/asked.conf
umount /proc /sys /dev
exec switch_root $inside /sbin/init
