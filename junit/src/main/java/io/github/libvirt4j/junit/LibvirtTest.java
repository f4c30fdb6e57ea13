package io.github.libvirt4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Gives each test a hypervisor of its own: libvirt's test driver, in this process, which needs no daemon and
/// runs no guest. A test, and the methods before and after each, have it as a parameter:
///
/// | parameter | value |
/// | --- | --- |
/// | [Connect][io.github.libvirt4j.Connect] | a connection, which is closed after the test |
/// | [TestNode] | the URI, for links and further connections |
/// | [Faults] | a hypervisor in a daemon, with lost events, connections that break, calls that fail |
///
/// After the test the extension closes the connection and fails a test that leaves open handles or closures
/// on loan, or in whose handlers something was thrown. What is in progress in the background gets ten
/// seconds. The counts are those of the process: tests that run at the same time set [#leaks].
///
/// The extension sets the uncaught handler of the process
/// ([Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler]) when a test begins and no
/// other runs, and restores the default when no test runs any more. An exception in a handler fails all tests
/// that run at that time, as it does not tell its test. A test that expects one sets a handler of its own, and
/// runs alone: the tests beside it hear of no exceptions meanwhile, and the end of one takes its handler away.
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(LibvirtExtension.class)
public @interface LibvirtTest {
    /// The hypervisor at the beginning, as XML in the format of
    /// [libvirt's test driver](https://libvirt.org/drvtest.html). Default: a running domain `test`, an active
    /// network `default`, and an active storage pool `default`.
    String node() default """
            <node>
              <domain type='test'>
                <name>test</name>
                <memory unit='MiB'>256</memory>
                <vcpu>2</vcpu>
                <os><type>hvm</type></os>
              </domain>
              <network>
                <name>default</name>
                <ip address='192.0.2.1' netmask='255.255.255.0'/>
              </network>
              <pool type='dir'>
                <name>default</name>
                <target><path>/default-pool</path></target>
              </pool>
            </node>
            """;

    /// Whether a test may leave handles open and closures on loan. Default: it fails for them.
    boolean leaks() default false;
}
