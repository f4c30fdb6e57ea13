package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainCpu;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.types.Constants;
import io.github.libvirt4j.types.DomainBlkioKeys;
import io.github.libvirt4j.types.DomainMemoryKeys;
import io.github.libvirt4j.types.DomainSchedulerKeys;
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
                .set(DomainSchedulerKeys.CPU_SHARES, 500L)
                .set(DomainSchedulerKeys.VCPU_QUOTA, 50_000L)
                .build());
        TypedParameters read = cpu.schedulerParameters();
        assertThat(read.get(DomainSchedulerKeys.CPU_SHARES)).hasValue(500L);
        assertThat(read.get(DomainSchedulerKeys.VCPU_QUOTA)).hasValue(50_000L);
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> cpu.setSchedulerParameters(TypedParameters.builder()
                        .set(DomainSchedulerKeys.VCPU_QUOTA, 1L)
                        .build()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorNumber.INVALID_ARG));
    }

    @Test
    void ofMemory() {
        TypedParameters none = domain().memory().parameters();
        assertThat(none.get(DomainMemoryKeys.HARD_LIMIT)).hasValue(Constants.DOMAIN_MEMORY_PARAM_UNLIMITED);
        domain().memory()
                .setParameters(TypedParameters.builder()
                        .set(DomainMemoryKeys.HARD_LIMIT, 800_000L)
                        .build());
        assertThat(domain().memory().parameters().get(DomainMemoryKeys.HARD_LIMIT))
                .hasValue(800_000L);
    }

    @Test
    void ofBlockIo() {
        assertThat(domain().io().blkioParameters().get(DomainBlkioKeys.WEIGHT)).hasValue(0L);
        domain().io()
                .setBlkioParameters(TypedParameters.builder()
                        .set(DomainBlkioKeys.WEIGHT, 500L)
                        .set(DomainBlkioKeys.DEVICE_WEIGHT, "/dev/null,700")
                        .build());
        TypedParameters read = domain().io().blkioParameters();
        assertThat(read.get(DomainBlkioKeys.WEIGHT)).hasValue(500L);
        assertThat(read.get(DomainBlkioKeys.DEVICE_WEIGHT)).hasValue("/dev/null,700");
    }
}
