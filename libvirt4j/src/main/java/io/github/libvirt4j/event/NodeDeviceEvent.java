package io.github.libvirt4j.event;

import io.github.libvirt4j.types.NodeDeviceEventLifecycleType;

/// Something that happened to a device of the host. Immutable, for use by any thread.
public sealed interface NodeDeviceEvent extends Event {
    /// A device was created, deleted, … C: `VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE`, libvirt 2.2.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("node-device.lifecycle", Lifecycle.class);

    /// The device it happened to.
    NodeDeviceIdentity nodeDevice();

    /// A device was created, deleted, … C: `virConnectNodeDeviceEventLifecycleCallback`.
    ///
    /// @param nodeDevice the device
    /// @param rawType what happened, a `virNodeDeviceEventLifecycleType`
    /// @param rawDetail always 0 so far
    record Lifecycle(NodeDeviceIdentity nodeDevice, int rawType, int rawDetail) implements NodeDeviceEvent {
        /// What happened.
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
}
