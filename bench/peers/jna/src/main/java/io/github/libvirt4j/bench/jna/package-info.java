/// The peer with libvirt-java, on JNA.
package io.github.libvirt4j.bench.jna;
