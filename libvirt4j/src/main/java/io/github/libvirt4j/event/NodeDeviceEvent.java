package io.github.libvirt4j.event;

import io.github.libvirt4j.types.NodeDeviceEventLifecycleType;

/// An event of a device of the host. Immutable, safe for use by any thread.
public sealed interface NodeDeviceEvent extends Event {
    /// A device was created, deleted, … C: `VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE`, libvirt 2.2.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("node-device.lifecycle", Lifecycle.class, 2_002_000);

    /// The description of a device changed. C: `VIR_NODE_DEVICE_EVENT_ID_UPDATE`, libvirt 2.2.0.
    EventKind<Update> UPDATE = new EventKind<>("node-device.update", Update.class, 2_002_000);

    /// The device that the event is about.
    NodeDeviceIdentity nodeDevice();

    /// A device was created, deleted, … C: `virConnectNodeDeviceEventLifecycleCallback`.
    ///
    /// @param nodeDevice the device
    /// @param rawType the change of state, a `virNodeDeviceEventLifecycleType`
    /// @param rawDetail always 0 so far
    record Lifecycle(NodeDeviceIdentity nodeDevice, int rawType, int rawDetail) implements NodeDeviceEvent {
        /// The change of state.
        public NodeDeviceEventLifecycleType type() {
            return NodeDeviceEventLifecycleType.of(rawType);
        }

        @Override
        public EventKind<Lifecycle> kind() {
            return LIFECYCLE;
        }

        @Override
        public String toString() {
            return LIFECYCLE + " " + nodeDevice.name() + " " + type();
        }
    }

    /// The description of a device changed. C: `virConnectNodeDeviceEventGenericCallback`.
    ///
    /// @param nodeDevice the device
    record Update(NodeDeviceIdentity nodeDevice) implements NodeDeviceEvent {
        @Override
        public EventKind<Update> kind() {
            return UPDATE;
        }

        @Override
        public String toString() {
            return UPDATE + " " + nodeDevice.name();
        }
    }
}
