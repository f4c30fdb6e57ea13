package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Network;
import io.github.libvirt4j.NodeDevice;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.ConnectListAllNodeDeviceFlags;
import io.github.libvirt4j.types.StoragePoolState;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/// Objects of one sort, as items. The handles are closed with the connection.
///
/// @param keys of the values that a table shows
/// @param items the objects
record Listing(List<String> keys, List<Item> items) {
    static Listing domains(Connect connect, ConnectListAllDomainsFlags... flags) {
        return new Listing(
                List.of("id", "name", "state"), items(connect.domains().listAll(flags), Listing::domain));
    }

    private static Item domain(Domain domain) {
        OptionalInt id = domain.id();
        Domain.Status status = domain.state();
        return new Item()
                .with("id", id.isPresent() ? id.getAsInt() : null)
                .with("name", domain.name())
                .with("uuid", domain.uuid())
                .with("state", Word.of(status))
                .with("reason", Word.reasonOf(status));
    }

    static Listing networks(Connect connect) {
        return new Listing(
                List.of("name", "active", "autostart", "persistent", "bridge"),
                items(
                        connect.networks().listAll(),
                        network -> new Item()
                                .with("name", network.name())
                                .with("uuid", network.uuid())
                                .with("active", network.isActive())
                                .with("autostart", network.isPersistent() ? network.autostart() : null)
                                .with("persistent", network.isPersistent())
                                .with("bridge", bridge(network))));
    }

    private static @org.jspecify.annotations.Nullable String bridge(Network network) {
        try {
            return network.bridgeName();
        } catch (NotFoundException e) {
            throw e;
        } catch (io.github.libvirt4j.error.LibvirtException e) {
            // Some networks have none, which is an error of its own in each driver.
            return null;
        }
    }

    static Listing pools(Connect connect) {
        return new Listing(
                List.of("name", "state", "autostart", "capacity", "allocation", "available"),
                items(connect.storagePools().listAll(), Listing::pool));
    }

    private static Item pool(StoragePool pool) {
        StoragePool.Info info = pool.info();
        boolean active = pool.isActive();
        boolean persistent = pool.isPersistent();
        return new Item()
                .with("name", pool.name())
                .with("uuid", pool.uuid())
                .with("state", new Word(StoragePoolState.of(info.rawState()), info.rawState()))
                .with("active", active)
                .with("autostart", persistent ? pool.autostart() : null)
                .with("persistent", persistent)
                .with("capacity", active ? new Size(info.capacity()) : null)
                .with("allocation", active ? new Size(info.allocation()) : null)
                .with("available", active ? new Size(info.available()) : null);
    }

    private static final List<String> OF_VOLUMES = List.of("name", "type", "capacity", "allocation", "path");

    static Listing volumes(Connect connect) {
        List<Item> items = connect.storagePools().listAll().stream()
                .flatMap(pool ->
                        unlessGone(pool, found -> found.isActive() ? volumes(found).items().stream() : Stream.of()))
                .toList();
        return new Listing(Stream.concat(Stream.of("pool"), OF_VOLUMES.stream()).toList(), items);
    }

    static Listing volumes(StoragePool pool) {
        String name = pool.name();
        return new Listing(OF_VOLUMES, items(pool.volumes().listAll(), volume -> volume(name, volume)));
    }

    static Item volume(String pool, StorageVol volume) {
        StorageVol.Info info = volume.info();
        return new Item()
                .with("pool", pool)
                .with("name", volume.name())
                .with("type", new Word(info.type(), info.rawType()))
                .with("capacity", new Size(info.capacity()))
                .with("allocation", new Size(info.allocation()))
                .with("path", volume.path())
                .with("key", volume.key());
    }

    static Listing devices(Connect connect, ConnectListAllNodeDeviceFlags... flags) {
        return new Listing(
                List.of("name", "parent", "capabilities"),
                items(connect.nodeDevices().listAll(flags), Listing::device));
    }

    private static Item device(NodeDevice device) {
        return new Item()
                .with("name", device.name())
                .with("parent", device.parent().orElse(null))
                .with("capabilities", device.caps());
    }

    private static <T> List<Item> items(List<T> all, Function<T, Item> item) {
        return all.stream()
                .flatMap(each -> unlessGone(each, found -> Stream.of(item.apply(found))))
                .toList();
    }

    /// Nothing for an object that has vanished since, or a pool that was stopped.
    private static <T> Stream<Item> unlessGone(T object, Function<T, Stream<Item>> items) {
        try {
            return items.apply(object);
        } catch (NotFoundException | OperationInvalidException e) {
            return Stream.of();
        }
    }
}
