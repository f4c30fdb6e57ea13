package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.fleet.Host;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InventoryTest {
    @Test
    void aHostIsReadAsItWasWritten() {
        var host = new Host("hv1", "qemu+tls://hv1/system?pkipath=/etc/pki", Map.of("rack", "7", "zone", "\"a\""));
        assertThat(Inventory.host("hv1", Inventory.json(host))).isEqualTo(host);
    }

    @Test
    void labelsMayBeMissing() {
        assertThat(Inventory.host("hv1", "{\"uri\": \"test:///default\"}"))
                .isEqualTo(new Host("hv1", "test:///default"));
        assertThat(Inventory.host("hv1", "{\"uri\": \"test:///default\", \"labels\": null}"))
                .isEqualTo(new Host("hv1", "test:///default"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "[]",
                "{",
                "{}",
                "{\"uri\": {}}",
                "{\"uri\": null}",
                "{\"uri\": \"\"}",
                "{\"uri\": \"test:///default\", \"labels\": \"x\"}",
                "{\"uri\": \"test:///default\", \"labels\": []}",
                "{\"uri\": \"test:///default\", \"labels\": {\"a\": {}}}",
                "{\"uri\": \"test:///default\", \"labels\": {\"a\": null}}"
            })
    void otherValuesAreRefused(String value) {
        assertThatThrownBy(() -> Inventory.host("hv1", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hv1");
    }

    @Test
    void aNameIsThatOfAHost() {
        assertThat(Inventory.isName("hv1")).isTrue();
        assertThat(Inventory.isName("hv/1")).isFalse();
    }

    @Test
    void aPasswordIsRefusedAndNotRepeated() {
        String uri = "qemu+ssh://root:hunter2@hv1/system";
        assertThatThrownBy(() -> Inventory.json(new Host("hv1", uri)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("password")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> Inventory.host("hv1", "{\"uri\": \"" + uri + "\"}"))
                .hasMessageContaining("password")
                .hasMessageNotContaining("hunter2");
        assertThat(Inventory.host("hv1", "{\"uri\": \"qemu+ssh://root@hv1:2222/system\"}")
                        .uri())
                .isEqualTo("qemu+ssh://root@hv1:2222/system");
    }
}
