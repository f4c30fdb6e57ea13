package io.github.libvirt4j.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class DomainXmlTest {
    private static final DomainXml DOMAIN = DomainXml.read("""
            <domain type='qemu' id='7'>
              <devices>
                <disk type='file' device='disk'>
                  <source file='/top' index='3'><seclabel model='dac'/></source>
                  <backingStore type='block' index='2'>
                    <format type='qcow2'/><source dev='/dev/middle'/>
                    <backingStore type='network' index='1'>
                      <source protocol='nbd' name='export' tls='no' index='9'><host name='h' port='10809'/></source>
                      <backingStore/>
                    </backingStore>
                  </backingStore>
                  <mirror type='file' job='copy' ready='yes'><source file='/copy' index='4'/></mirror>
                  <target dev='vda' bus='virtio'/>
                </disk>
                <disk type='file' device='cdrom'><target dev='sda'/></disk>
                <disk type='volume'><source pool='p' volume='v'/><mirror/><target dev='vdb'/></disk>
              </devices>
            </domain>
            """);

    private static DomainXml.Disk disk(String name) {
        return Objects.requireNonNull(DOMAIN.disk(name));
    }

    @Test
    void readsTheBackingChain() {
        assertThat(DOMAIN.id()).isEqualTo("7");
        assertThat(disk("vda").images())
                .containsExactly("/top", "/dev/middle", "network name=export protocol=nbd name=h port=10809");
        assertThat(disk("vda").mirror()).isEqualTo(new DomainXml.Mirror("/copy", true));
        assertThat(disk("/top")).isSameAs(disk("vda"));
        assertThat(disk("sda").images()).isEmpty();
        assertThat(disk("sda").mirror()).isNull();
        assertThat(disk("vdb").images()).containsExactly("volume pool=p volume=v");
        assertThat(disk("vdb").mirror()).isEqualTo(new DomainXml.Mirror(null, false));
        assertThat(DOMAIN.disk("vdc")).isNull();
    }

    @Test
    void readsADomainThatDoesNotRun() {
        DomainXml stopped = DomainXml.read("<domain type='qemu'/>");
        assertThat(stopped.id()).isNull();
        assertThat(stopped.disks()).isEmpty();
    }

    @Test
    void readsWhatTheProgramGives() {
        assertThat(DomainXml.imageOf("<disk type='file'><source file='/copy'/></disk>"))
                .isEqualTo("/copy");
        assertThat(DomainXml.imageOf("<disk/>")).isNull();
        assertThat(DomainXml.imageOf("nothing")).isNull();
        assertThat(DomainXml.isPull("<domainbackup mode='pull'/>")).isTrue();
        assertThat(DomainXml.isPull("<domainbackup/>")).isFalse();
        assertThat(DomainXml.isPull("nothing")).isFalse();
    }
}
