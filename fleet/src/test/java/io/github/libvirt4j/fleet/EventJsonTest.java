package io.github.libvirt4j.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.GraphicsAddress;
import io.github.libvirt4j.event.GraphicsIdentity;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    /// Every record's values, under the names they have there.
    @Test
    void hasAllSortsOfValues() {
        var domain = new DomainIdentity("d", new UUID(1, 2));
        var network = new NetworkIdentity("n", new UUID(3, 4));
        String head = "{\"time\":\"1970-01-01T00:00:00Z\",\"kind\":\"";
        String ofDomain = "\",\"object\":{\"name\":\"d\",\"uuid\":\"00000000-0000-0001-0000-000000000002\"}";
        Map<Event, String> expected = Map.of(
                new ConnectEvent.Closed(77), head + "connect.closed\",\"reason\":77}",
                new DomainEvent.Reboot(domain), head + "domain.reboot" + ofDomain + "}",
                new DomainEvent.RtcChange(domain, Duration.ofSeconds(-5)),
                        head + "domain.rtc-change" + ofDomain + ",\"utcOffset\":-5}",
                new DomainEvent.BalloonChange(domain, -1),
                        head + "domain.balloon-change" + ofDomain + ",\"actual\":18446744073709551615}",
                new DomainEvent.MemoryFailure(domain, 0, 2, 5),
                        head + "domain.memory-failure" + ofDomain
                                + ",\"recipient\":\"HYPERVISOR\",\"action\":\"FATAL\""
                                + ",\"flags\":[\"ACTION_REQUIRED\"],\"rawFlags\":5}",
                new DomainEvent.DiskChange(domain, null, "/new", "vda", 0),
                        head + "domain.disk-change" + ofDomain
                                + ",\"oldSrcPath\":null,\"newSrcPath\":\"/new\",\"devAlias\":\"vda\""
                                + ",\"reason\":\"CHANGE_MISSING_ON_START\"}",
                new DomainEvent.Graphics(
                                domain,
                                0,
                                new GraphicsAddress(2, "/run/vnc", null),
                                null,
                                "none",
                                List.of(new GraphicsIdentity("a", "b"))),
                        head + "domain.graphics" + ofDomain
                                + ",\"phase\":\"CONNECT\",\"local\":{\"family\":\"UNIX\",\"node\":\"/run/vnc\""
                                + ",\"service\":null},\"remote\":null,\"authScheme\":\"none\""
                                + ",\"subject\":[{\"type\":\"a\",\"name\":\"b\"}]}",
                new DomainEvent.Tunable(
                                domain,
                                new TypedParameters(List.of(
                                        new TypedParameter.OfUnsignedLong("a", -1L),
                                        new TypedParameter.OfBoolean("b", true),
                                        new TypedParameter.OfString("c", "x"),
                                        new TypedParameter.OfLong("d", -1L)))),
                        head + "domain.tunable" + ofDomain
                                + ",\"params\":{\"a\":18446744073709551615,\"b\":true,\"c\":\"x\",\"d\":-1}}",
                new DomainEvent.QemuMonitor(domain, "STOP", -1, 7, "{}"),
                        head + "domain.qemu-monitor" + ofDomain
                                + ",\"event\":\"STOP\",\"seconds\":-1,\"micros\":7,\"details\":\"{}\"}",
                new NetworkEvent.Lifecycle(network, 99, 1),
                        head + "network.lifecycle\",\"object\":{\"name\":\"n\""
                                + ",\"uuid\":\"00000000-0000-0003-0000-000000000004\"},\"type\":99,\"detail\":1}");
        for (Map.Entry<Event, String> each : expected.entrySet()) {
            assertThat(EventJson.of(Instant.EPOCH, each.getKey())).isEqualTo(each.getValue());
        }
    }
}
