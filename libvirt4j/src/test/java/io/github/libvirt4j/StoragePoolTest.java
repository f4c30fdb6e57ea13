package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.types.ConnectListAllStoragePoolsFlags;
import io.github.libvirt4j.types.StoragePoolState;
import io.github.libvirt4j.types.StorageVolType;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class StoragePoolTest {
    private final TestDriver driver;
    private Connect connect;

    StoragePoolTest(TestDriver driver) {
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
    void isDefinedBuiltStartedAndDeleted() {
        StoragePool pool = connect.storagePools()
                .define("<pool type='dir'><name>pool</name><target><path>/nowhere</path></target></pool>");
        assertThat(pool.name()).isEqualTo("pool");
        assertThat(pool.info().state()).isEqualTo(StoragePoolState.INACTIVE);
        assertThat(pool.isPersistent()).isTrue();
        pool.build();
        pool.create();
        assertThat(pool.isActive()).isTrue();
        pool.refresh();
        StoragePool.Info info = pool.info();
        assertThat(info.state()).isEqualTo(StoragePoolState.RUNNING);
        assertThat(info.capacity()).isEqualTo(info.allocation() + info.available());
        assertThat(pool.xmlDesc()).contains("<name>pool</name>");
        pool.setAutostart(true);
        assertThat(pool.autostart()).isTrue();
        assertThat(connect.storagePools().listAll(ConnectListAllStoragePoolsFlags.ACTIVE))
                .contains(pool);
        assertThat(connect.storagePools().lookup(pool.identity())).isEqualTo(pool);
        assertThat(connect.storagePools().findByName("pool")).contains(pool);

        holdsVolumes(pool);

        pool.destroy();
        pool.delete();
        pool.undefine();
        assertThat(connect.storagePools().findByUuid(pool.uuid())).isEmpty();
    }

    private void holdsVolumes(StoragePool pool) {
        StorageVol volume = pool.volumes()
                .create(
                        "<volume><name>vol</name><capacity>1048576</capacity><target><path>/nowhere/vol</path></target></volume>");
        assertThat(volume.name()).isEqualTo("vol");
        assertThat(volume.path()).isEqualTo("/nowhere/vol");
        assertThat(volume.info().type()).isEqualTo(StorageVolType.FILE);
        assertThat(volume.info().capacity()).isEqualTo(1_048_576);
        assertThat(volume.xmlDesc()).contains("<name>vol</name>");
        assertThat(connect.storagePools().lookupByVolume(volume)).isEqualTo(pool);
        assertThat(pool.volumes().listAll()).containsExactly(volume);
        assertThat(pool.volumes().lookupByName("vol")).isEqualTo(volume);
        assertThat(pool.volumes().findByName("nothing")).isEmpty();
        assertThat(connect.storageVols().lookupByKey(volume.key())).isEqualTo(volume);
        assertThat(connect.storageVols().lookupByPath(volume.path())).isEqualTo(volume);
        assertThat(connect.storageVols().findByKey("nothing")).isEmpty();
        assertThat(connect.storageVols().findByPath("/nothing")).isEmpty();

        StorageVol copy =
                pool.volumes().createFrom("<volume><name>copy</name><capacity>1048576</capacity></volume>", volume);
        assertThat(copy).isNotEqualTo(volume);
        assertThat(pool.volumes().listAll()).containsExactlyInAnyOrder(volume, copy);
        copy.delete();
        volume.delete();
        assertThat(pool.volumes().listAll()).isEmpty();
        assertThat(volume).hasToString("volume " + volume.key());
    }

    @Test
    void isFoundInStorage() {
        StoragePools pools = connect.storagePools();
        assertThat(pools.findSources("logical", null)).contains("<name>testvg1</name>", "<name>testvg2</name>");
        assertThat(pools.findSources("netfs", "<source><host name='server'/></source>"))
                .contains("<host name='server'/>", "<dir path='/testshare'/>");
        assertThatExceptionOfType(InvalidArgumentException.class).isThrownBy(() -> pools.findSources("netfs", null));
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> pools.findSources("iscsi", null));
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(pools::capabilities);
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> pools.findByTargetPath("/default-pool"));
    }

    /// By the storage driver of a daemon, as the test driver knows neither.
    @Test
    void isFoundByItsFolder() throws IOException {
        try (VolumeStorage storage = new VolumeStorage()) {
            StoragePools pools = storage.connect().storagePools();
            String folder =
                    Objects.toString(VolumeStorage.file(storage.volume(1)).getParent());
            assertThat(pools.lookupByTargetPath(folder)).isEqualTo(storage.pool());
            assertThat(pools.findByTargetPath(folder)).contains(storage.pool());
            assertThat(pools.findByTargetPath("/nowhere")).isEmpty();
            assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> pools.lookupByTargetPath("/nowhere"));
            assertThat(pools.capabilities())
                    .startsWith("<storagepoolCapabilities>")
                    .contains("<pool type='dir'");
        }
    }
}
