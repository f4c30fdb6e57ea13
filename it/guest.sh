#!/usr/bin/env bash
# Makes what guests boot, in the folder it is given: Debian's kernel for clouds, and a busybox with the agent of QEMU.
set -euo pipefail
folder=$1

rm -rf "$folder"
mkdir -p "$folder/tree"
cd "$folder"
kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
apt-get download -qq "$kernel" qemu-guest-agent
for package in ./*.deb; do
    dpkg-deb -x "$package" tree
done
cp "tree/boot/vmlinuz-${kernel#linux-image-}" vmlinuz

mkdir -p root/{bin,dev,etc,mnt,proc,root,sys,tmp,run,var/run,lib/modules}
echo 'root:x:0:0::/root:/bin/sh' >root/etc/passwd
cp "$(command -v busybox)" root/bin/busybox
for name in $(busybox --list); do
    [ -e "root/bin/$name" ] || ln -s busybox "root/bin/$name"
done
cp tree/usr/sbin/qemu-ga root/bin/
for library in $(ldd tree/usr/sbin/qemu-ga | grep -o '/[^ ]*'); do
    mkdir -p "root$(dirname "$library")"
    cp -L "$library" "root$library"
done
modules=lib/modules/${kernel#linux-image-}
for name in virtio virtio_ring virtio_pci virtio_pci_modern_dev virtio_pci_legacy_dev virtio_blk virtio_console \
    virtio_balloon virtio_mem virtio_net net_failover failover ext4 jbd2 mbcache crc16 crc32c_generic; do
    mkdir -p "root/$modules"
    find "tree/$modules" -name "$name.ko*" -exec cp {} "root/$modules" \;
done
busybox depmod -b root "${kernel#linux-image-}"

cat >root/init <<'INIT'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
modprobe -a virtio_pci virtio_blk virtio_console virtio_balloon virtio_mem virtio_net crc32c_generic ext4
echo "GUEST READY"
while :; do
    setsid cttyhack sh
done
INIT
cat >root/bin/name-ports <<'PORTS'
#!/bin/sh
# Names the ports of channels, as udev would, when there are so many.
while [ "$(ls /sys/class/virtio-ports | wc -l)" -lt "$1" ]; do
    sleep 0.1
done
mkdir -p /dev/virtio-ports
for port in /sys/class/virtio-ports/*; do
    ln -sf "/dev/${port##*/}" "/dev/virtio-ports/$(cat "$port/name")"
done
PORTS
cat >root/bin/chpasswd <<'CHPASSWD'
#!/bin/sh
# Keeps the password that the agent sets, as busybox has no such program.
cat >/tmp/chpasswd
CHPASSWD
chmod +x root/init root/bin/{name-ports,chpasswd}
(cd root && find . | busybox cpio -o -H newc) 2>/dev/null | gzip -1 >initrd.gz
rm -rf tree root ./*.deb
