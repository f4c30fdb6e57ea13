package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.SecretEventLifecycleType;
import io.github.libvirt4j.types.SecretUsageType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Secrets, which the test driver does not have: those of a daemon.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class SecretTest {
    private Connect connect;

    @BeforeEach
    void open() {
        connect = Connect.open(SessionDaemon.shared().unixUri("secret:///session"));
    }

    @AfterEach
    void close() {
        connect.close();
        assertThat(connect.closeResult()).isZero();
    }

    private Secret define(String path) {
        return connect.secrets().define("""
                <secret ephemeral='no' private='no'>
                  <usage type='volume'><volume>%s</volume></usage>
                </secret>
                """.formatted(path));
    }

    private static <E extends SecretEvent> E next(EventQueue<E> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(Duration.ofSeconds(10)), "no event within ten seconds");
    }

    @Test
    void tellsWhatHappensToIt() throws Exception {
        EventQueue<SecretEvent> queue = connect.queue(Set.of(SecretEvent.LIFECYCLE, SecretEvent.VALUE_CHANGED), 10);
        Secret secret = define("/ä");
        BlockingQueue<SecretEvent.ValueChanged> own = new LinkedBlockingQueue<>();
        secret.on(SecretEvent.VALUE_CHANGED, own::add);
        SecretIdentity identity = secret.identity();
        secret.setValue("geheim".getBytes(StandardCharsets.UTF_8));
        secret.undefine();
        SecretEvent defined = next(queue);
        assertThat(defined.secret()).isEqualTo(identity);
        assertThat(((SecretEvent.Lifecycle) defined).type()).isEqualTo(SecretEventLifecycleType.DEFINED);
        assertThat(next(queue)).isEqualTo(new SecretEvent.ValueChanged(identity));
        assertThat(next(queue).toString()).isEqualTo("secret.lifecycle " + identity.uuid() + " UNDEFINED");
        assertThat(own.poll(10, TimeUnit.SECONDS)).isEqualTo(new SecretEvent.ValueChanged(identity));
        assertThat(identity.usageType()).isEqualTo(SecretUsageType.VOLUME);
        assertThat(identity.usageId()).isEqualTo("/ä");
    }

    @Test
    void isFoundAndKeepsItsValue() {
        Secret secret = define("/found");
        UUID uuid = secret.uuid();
        assertThat(secret.usageType()).isEqualTo(SecretUsageType.VOLUME);
        assertThat(secret.usageId()).isEqualTo("/found");
        assertThat(secret.xmlDesc()).contains("<volume>/found</volume>");
        assertThatThrownBy(secret::value).isInstanceOf(NotFoundException.class);
        byte[] value = {0, 1, -1, 127, 0};
        secret.setValue(value);
        assertThat(secret.value()).isEqualTo(value);
        secret.setValue(new byte[] {7});
        assertThat(secret.value()).containsExactly(7);
        assertThat(connect.secrets().lookupByUuid(uuid)).isEqualTo(secret).hasToString("secret " + uuid);
        assertThat(connect.secrets().lookupByUsage(SecretUsageType.VOLUME, "/found"))
                .isEqualTo(secret);
        assertThat(connect.secrets().lookup(secret.identity())).isEqualTo(secret);
        assertThat(connect.secrets().listAll()).contains(secret);
        secret.undefine();
        assertThat(connect.secrets().findByUuid(uuid)).isEmpty();
        assertThat(connect.secrets().findByUsage(SecretUsageType.VOLUME, "/found"))
                .isEmpty();
        assertThatThrownBy(() -> connect.secrets().lookupByUuid(uuid)).isInstanceOf(NotFoundException.class);
    }
}
