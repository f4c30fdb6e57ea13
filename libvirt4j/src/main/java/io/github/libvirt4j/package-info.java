/// libvirt for Java.
///
/// [Connect][io.github.libvirt4j.Connect] opens a hypervisor and is where everything else comes from; its
/// `on` takes the lambdas that receive [events][io.github.libvirt4j.event].
/// [Libvirt][io.github.libvirt4j.Libvirt] is what concerns the whole process. Failures are
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException]s.
@NullMarked
package io.github.libvirt4j;

import org.jspecify.annotations.NullMarked;
