package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertOperationInvalid;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class InterfaceTest {
    private final TestDriver driver;
    private Connect connect;

    InterfaceTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        connect = driver.open();
    }

    @AfterEach
    void close() {
        connect.close();
    }

    @Test
    void isDefinedStartedAndStopped() {
        Interface ethernet = connect.interfaces().lookupByName("eth1");
        assertThat(ethernet.isActive()).isTrue();
        assertThat(ethernet.macString()).isEqualTo("aa:bb:cc:dd:ee:ff");
        assertThat(ethernet.xmlDesc()).contains("eth1");
        assertThat(connect.interfaces().listAll()).contains(ethernet);
        assertThat(connect.interfaces().lookupByMacString("aa:bb:cc:dd:ee:ff")).isEqualTo(ethernet);
        ethernet.destroy();
        assertThat(ethernet.isActive()).isFalse();
        ethernet.create();
        assertThat(connect.interfaces().findByName("eth99")).isEmpty();
        Interface defined = connect.interfaces().define("""
                <interface type='ethernet' name='eth2'>
                  <start mode='onboot'/>
                  <mac address='aa:bb:cc:00:ee:ff'/>
                  <mtu size='1492'/>
                  <protocol family='ipv4'><dhcp peerdns='no'/></protocol>
                </interface>
                """);
        assertThat(defined.name()).isEqualTo("eth2");
        defined.undefine();
        assertThat(connect.interfaces().findByName("eth2")).isEmpty();
    }

    @Test
    void changesAsAllOrNothing() {
        Interfaces interfaces = connect.interfaces();
        assertOperationInvalid(interfaces::changeCommit);
        assertOperationInvalid(interfaces::changeRollback);
        interfaces.changeBegin();
        assertOperationInvalid(interfaces::changeBegin);
        interfaces.define("<interface type='ethernet' name='eth3'><start mode='onboot'/></interface>");
        interfaces.changeRollback();
        assertThat(interfaces.findByName("eth3")).isEmpty();
        interfaces.changeBegin();
        Interface kept = interfaces.define("<interface type='ethernet' name='eth3'><start mode='onboot'/></interface>");
        interfaces.changeCommit();
        assertThat(interfaces.findByName("eth3")).contains(kept);
        kept.undefine();
    }
}
