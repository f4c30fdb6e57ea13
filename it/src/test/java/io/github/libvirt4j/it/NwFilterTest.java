package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.NwFilter;
import io.github.libvirt4j.NwFilterBinding;
import io.github.libvirt4j.NwFilterBindings;
import io.github.libvirt4j.NwFilters;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.types.NwFilterBindingCreateFlags;
import io.github.libvirt4j.types.NwFilterDefineFlags;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Network filters and their bindings, which only a daemon of root has. The devices do not exist, so that no
/// rules for packets are made.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class NwFilterTest {
    private static @Nullable RootDaemon daemon;

    private @Nullable Connect connect;

    @BeforeAll
    static void start() {
        daemon = RootDaemon.start();
    }

    @AfterAll
    static void stop() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @BeforeEach
    void open() {
        connect = Connect.open(Objects.requireNonNull(daemon).unixUri("nwfilter:///system"));
    }

    @AfterEach
    void close() {
        Objects.requireNonNull(connect).close();
    }

    private NwFilters filters() {
        return Objects.requireNonNull(connect).nwFilters();
    }

    private NwFilterBindings bindings() {
        return Objects.requireNonNull(connect).nwFilterBindings();
    }

    private static String filter(String name, UUID uuid, String action) {
        return """
                <filter name='%s' chain='root'>
                  <uuid>%s</uuid>
                  <rule action='%s' direction='in'><mac/></rule>
                </filter>
                """.formatted(name, uuid, action);
    }

    private static String binding(String device, String filter) {
        return """
                <filterbinding>
                  <owner><name>guest</name><uuid>%s</uuid></owner>
                  <portdev name='%s'/>
                  <mac address='52:54:00:7b:35:93'/>
                  <filterref filter='%s'/>
                </filterbinding>
                """.formatted(new UUID(1, 2), device, filter);
    }

    @Test
    void isDefinedFoundAndUndefined() {
        UUID uuid = UUID.randomUUID();
        assertThat(filters().findByUuid(uuid)).isEmpty();
        assertThat(filters().findByName("filter-ä")).isEmpty();
        NwFilter filter = filters().define(filter("filter-ä", uuid, "drop"));
        assertThat(filter.name()).isEqualTo("filter-ä");
        assertThat(filter.uuid()).isEqualTo(uuid);
        assertThat(filter.identity()).isEqualTo(new NwFilter.Identity("filter-ä", uuid));
        assertThat(filter).hasToString("network filter " + uuid);
        assertThat(filter.xmlDesc()).contains("action='drop'");
        assertThat(filters().lookupByName("filter-ä")).isEqualTo(filter);
        assertThat(filters().lookupByUuid(uuid)).isEqualTo(filter);
        assertThat(filters().listAll()).contains(filter);
        assertThat(filters().identities()).contains(filter.identity());
        assertThat(filters().define(filter("filter-ä", uuid, "accept"), NwFilterDefineFlags.VALIDATE))
                .isEqualTo(filter);
        assertThat(filter.xmlDesc()).contains("action='accept'");
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> filters().define(filter("filter-ä", UUID.randomUUID(), "accept")));
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() ->
                        filters().define("<filter name='wrong'><nonsense/></filter>", NwFilterDefineFlags.VALIDATE));
        filter.undefine();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> filters().lookupByUuid(uuid));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> filters().lookupByName("filter-ä"));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(filter::undefine);
    }

    @Test
    void isBoundToADevice() {
        NwFilter filter = filters().define(filter("bound", UUID.randomUUID(), "drop"));
        assertThat(bindings().findByPortDev("l4jnone")).isEmpty();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> bindings().lookupByPortDev("l4jnone"));
        NwFilterBinding binding = bindings().create(binding("l4jnone", "bound"));
        assertThat(binding.portDev()).isEqualTo("l4jnone");
        assertThat(binding.filterName()).isEqualTo("bound");
        assertThat(binding.identity()).isEqualTo(new NwFilterBinding.Identity("l4jnone", "bound"));
        assertThat(binding).hasToString("network filter binding l4jnone");
        assertThat(binding.xmlDesc()).contains("<portdev name='l4jnone'/>", "<filterref filter='bound'");
        assertThat(bindings().lookupByPortDev("l4jnone")).isEqualTo(binding);
        assertThat(bindings().listAll()).containsExactly(binding);
        assertThat(bindings().identities()).containsExactly(binding.identity());
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> bindings().create(binding("l4jnone", "bound")));
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> bindings()
                        .create(
                                binding("l4jother", "bound").replace("<owner>", "<nonsense/><owner>"),
                                NwFilterBindingCreateFlags.VALIDATE));
        binding.delete();
        assertThat(bindings().listAll()).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(binding::delete);
        filter.undefine();
    }
}
