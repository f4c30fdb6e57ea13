package io.github.libvirt4j.internal.job;

import static io.github.libvirt4j.internal.job.Claim.Says.CANCELLED;
import static io.github.libvirt4j.internal.job.Claim.Says.COMPLETED;
import static io.github.libvirt4j.internal.job.Claim.Says.FAILED;
import static io.github.libvirt4j.internal.job.Claim.Says.LOOK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus;
import io.github.libvirt4j.types.DomainBlockJobType;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.TypedParameters;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class ClaimTest {
    private static final UUID UUID_OF_IT = new UUID(1, 1);
    private static final DomainIdentity DOMAIN = new DomainIdentity("it", UUID_OF_IT);

    private static DomainEvent disk(String target, DomainBlockJobType type, ConnectDomainEventBlockJobStatus status) {
        return new DomainEvent.BlockJob2(DOMAIN, target, type.value(), status.value());
    }

    private static @Nullable Claim onDisk(DomainEvent event) {
        return Claim.onDisk(event, JobKind.COMMIT, UUID_OF_IT, "vda");
    }

    @Test
    void disksAreToldApart() {
        var done = ConnectDomainEventBlockJobStatus.COMPLETED;
        assertThat(onDisk(disk("vda", DomainBlockJobType.COMMIT, done))).isEqualTo(new Claim(COMPLETED));
        assertThat(onDisk(disk("vda", DomainBlockJobType.ACTIVE_COMMIT, done))).isEqualTo(new Claim(COMPLETED));
        assertThat(onDisk(disk("vda", DomainBlockJobType.PULL, done))).isNull();
        assertThat(onDisk(disk("vdb", DomainBlockJobType.COMMIT, done))).isNull();
        DomainEvent ours = disk("vda", DomainBlockJobType.COMMIT, done);
        assertThat(Claim.onDisk(ours, JobKind.COMMIT, new UUID(2, 2), "vda")).isNull();
        assertThat(onDisk(disk("vda", DomainBlockJobType.COMMIT, ConnectDomainEventBlockJobStatus.FAILED)))
                .isEqualTo(new Claim(FAILED));
        assertThat(onDisk(disk("vda", DomainBlockJobType.COMMIT, ConnectDomainEventBlockJobStatus.CANCELED)))
                .isEqualTo(new Claim(CANCELLED));
        assertThat(onDisk(disk("vda", DomainBlockJobType.COMMIT, ConnectDomainEventBlockJobStatus.READY)))
                .isEqualTo(new Claim(LOOK));
        // Of a libvirt that is newer than this library.
        assertThat(onDisk(new DomainEvent.BlockJob2(DOMAIN, "vda", DomainBlockJobType.COMMIT.value(), 99)))
                .isEqualTo(new Claim(LOOK));
    }

    @Test
    void endOfTheGuestIsAReasonToLook() {
        DomainEvent stopped = new DomainEvent.Lifecycle(DOMAIN, DomainEventType.STOPPED.value(), 0);
        DomainEvent resumed = new DomainEvent.Lifecycle(DOMAIN, DomainEventType.RESUMED.value(), 0);
        assertThat(onDisk(stopped)).isEqualTo(new Claim(LOOK));
        assertThat(onDisk(resumed)).isNull();
        assertThat(Claim.onBackup(stopped, UUID_OF_IT)).isEqualTo(new Claim(LOOK));
        assertThat(Claim.onBackup(resumed, UUID_OF_IT)).isNull();
        assertThat(onDisk(new DomainEvent.Reboot(DOMAIN))).isNull();
        assertThat(Claim.onBackup(new DomainEvent.Reboot(DOMAIN), UUID_OF_IT)).isNull();
    }

    private static @Nullable Claim onBackup(DomainJobOperation operation, boolean success, @Nullable String message) {
        TypedParameters.Builder params = TypedParameters.builder()
                .set(DomainJobKeys.OPERATION, operation.value())
                .set(DomainJobKeys.SUCCESS, success);
        if (message != null) {
            params.set(DomainJobKeys.ERRMSG, message);
        }
        return Claim.onBackup(new DomainEvent.JobCompleted(DOMAIN, params.build()), UUID_OF_IT);
    }

    @Test
    void operationsAreToldApart() {
        assertThat(onBackup(DomainJobOperation.BACKUP, true, null)).isEqualTo(new Claim(COMPLETED));
        assertThat(onBackup(DomainJobOperation.BACKUP, false, null)).isEqualTo(new Claim(CANCELLED));
        assertThat(onBackup(DomainJobOperation.BACKUP, false, "Operation canceled"))
                .isEqualTo(new Claim(CANCELLED));
        assertThat(onBackup(DomainJobOperation.BACKUP, false, "no space")).isEqualTo(new Claim(FAILED, "no space"));
        assertThat(onBackup(DomainJobOperation.SAVE, true, null)).isNull();
        var done = ConnectDomainEventBlockJobStatus.COMPLETED;
        // The domain's job tells; its disks only end a little later.
        assertThat(Claim.onBackup(disk("vda", DomainBlockJobType.BACKUP, done), UUID_OF_IT))
                .isEqualTo(new Claim(LOOK));
        assertThat(Claim.onBackup(disk("vda", DomainBlockJobType.PULL, done), UUID_OF_IT))
                .isNull();
        assertThat(Claim.onBackup(disk("vda", DomainBlockJobType.BACKUP, done), new UUID(2, 2)))
                .isNull();
    }
}
