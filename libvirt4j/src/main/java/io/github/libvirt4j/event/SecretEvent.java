package io.github.libvirt4j.event;

import io.github.libvirt4j.types.SecretEventLifecycleType;

/// An event of a secret. Immutable, safe for use by any thread.
public sealed interface SecretEvent extends Event {
    /// A secret was defined or undefined. C: `VIR_SECRET_EVENT_ID_LIFECYCLE`, libvirt 3.0.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("secret.lifecycle", Lifecycle.class, 3_000_000);

    /// The value of a secret changed. C: `VIR_SECRET_EVENT_ID_VALUE_CHANGED`, libvirt 3.0.0.
    EventKind<ValueChanged> VALUE_CHANGED = new EventKind<>("secret.value-changed", ValueChanged.class, 3_000_000);

    /// The secret that the event is about.
    SecretIdentity secret();

    /// A secret was defined or undefined. C: `virConnectSecretEventLifecycleCallback`.
    ///
    /// @param secret the secret
    /// @param rawType defined or undefined, a `virSecretEventLifecycleType`
    /// @param rawDetail always 0 so far
    record Lifecycle(SecretIdentity secret, int rawType, int rawDetail) implements SecretEvent {
        /// Defined or undefined.
        public SecretEventLifecycleType type() {
            return SecretEventLifecycleType.of(rawType);
        }

        @Override
        public EventKind<Lifecycle> kind() {
            return LIFECYCLE;
        }

        @Override
        public String toString() {
            return LIFECYCLE + " " + secret.uuid() + " " + type();
        }
    }

    /// The value of a secret changed. C: `virConnectSecretEventGenericCallback`.
    ///
    /// @param secret the secret
    record ValueChanged(SecretIdentity secret) implements SecretEvent {
        @Override
        public EventKind<ValueChanged> kind() {
            return VALUE_CHANGED;
        }

        @Override
        public String toString() {
            return VALUE_CHANGED + " " + secret.uuid();
        }
    }
}
