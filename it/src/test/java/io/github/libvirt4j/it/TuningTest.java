package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainCpu;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.types.Constants;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.TypedParameters;
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

/// The parameters of a guest that QEMU has for guests of root only, in its definition.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class TuningTest {
    private static @Nullable RootDaemon daemon;

    private @Nullable Connect connect;
    private @Nullable Domain domain;

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
    void define() {
        connect = Connect.open(Objects.requireNonNull(daemon).unixUri("qemu:///system"));
        domain = connect.domains().define("""
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64'>hvm</type></os>
                </domain>
                """.formatted(UUID.randomUUID()));
    }

    @AfterEach
    void undefine() {
        domain().undefine();
        Objects.requireNonNull(connect).close();
    }

    private Domain domain() {
        return Objects.requireNonNull(domain);
    }

    @Test
    void ofTheScheduler() {
        DomainCpu cpu = domain().cpu();
        assertThat(cpu.schedulerType().name()).isEqualTo("posix");
        assertThat(cpu.schedulerParameters().size())
                .isEqualTo(cpu.schedulerType().parameters());
        cpu.setSchedulerParameters(TypedParameters.builder()
                .setUnsignedLong("cpu_shares", 500)
                .setLong("vcpu_quota", 50_000)
                .build());
        TypedParameters read = cpu.schedulerParameters();
        assertThat(read.getLong("cpu_shares")).hasValue(500);
        assertThat(read.getLong("vcpu_quota")).hasValue(50_000);
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> cpu.setSchedulerParameters(
                        TypedParameters.builder().setLong("vcpu_quota", 1).build()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorNumber.INVALID_ARG));
    }

    @Test
    void ofMemory() {
        TypedParameters none = domain().memory().parameters();
        assertThat(none.getLong("hard_limit")).hasValue(Constants.DOMAIN_MEMORY_PARAM_UNLIMITED);
        domain().memory()
                .setParameters(TypedParameters.builder()
                        .setUnsignedLong("hard_limit", 800_000)
                        .build());
        assertThat(domain().memory().parameters().getLong("hard_limit")).hasValue(800_000);
    }

    @Test
    void ofBlockIo() {
        assertThat(domain().io().blkioParameters().getLong("weight")).hasValue(0);
        domain().io()
                .setBlkioParameters(TypedParameters.builder()
                        .setUnsignedInt("weight", 500)
                        .setString("device_weight", "/dev/null,700")
                        .build());
        TypedParameters read = domain().io().blkioParameters();
        assertThat(read.getLong("weight")).hasValue(500);
        assertThat(read.getString("device_weight")).hasValue("/dev/null,700");
    }
}
