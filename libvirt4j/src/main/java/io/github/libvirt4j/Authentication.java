package io.github.libvirt4j;

import io.github.libvirt4j.internal.CMemory;
import io.github.libvirt4j.internal.LastingMemory;
import io.github.libvirt4j.internal.TimedCalls;
import io.github.libvirt4j.internal.callback.CallScope;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.internal.raw.VirConnectAuth;
import io.github.libvirt4j.internal.raw.VirConnectCredential;
import io.github.libvirt4j.types.ConnectCredentialType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/// C's `virConnectAuth`: an [Authenticator] lent for the length of one opening.
final class Authentication {
    private static final Upcall ASKED = Upcall.of(
            "virConnectAuthCallbackPtr",
            CallbackTypes.virConnectAuthCallbackPtr(),
            MethodHandles.lookup(),
            "asked",
            -1);

    private final Authenticator<?> authenticator;
    private volatile boolean unanswered;

    Authentication(Authenticator<?> authenticator) {
        this.authenticator = authenticator;
    }

    /// Its C callback.
    static Upcall upcall() {
        return ASKED;
    }

    /// Opens with answers.
    ///
    /// @param open `virConnectOpenAuth` with the struct it is given, and with who knows since when libvirt
    ///     has been at work
    static <X extends Exception> Connect open(
            Authenticator<X> authenticator, BiFunction<MemorySegment, LongSupplier, Connect> open) throws X {
        int[] types = authenticator.types().stream()
                .mapToInt(ConnectCredentialType::value)
                .toArray();
        var authentication = new Authentication(authenticator);
        // An opening can be abandoned.
        try (Arena arena = LastingMemory.open();
                CallScope<Authentication> scope = CallScope.lend(authentication)) {
            MemorySegment auth = arena.allocate(VirConnectAuth.SIZE, Long.BYTES);
            VirConnectAuth.credtype(auth, arena.allocateFrom(ValueLayout.JAVA_INT, types));
            VirConnectAuth.ncredtype(auth, types.length);
            VirConnectAuth.cb(auth, ASKED.pointer(0));
            VirConnectAuth.cbdata(auth, scope.opaque());
            Connect connect = authentication.<X>open(scope, auth, open);
            try {
                scope.<X>check(null);
            } catch (Throwable t) {
                connect.close();
                throw t;
            }
            return connect;
        } finally {
            authenticator.finished();
        }
    }

    private <X extends Exception> Connect open(
            CallScope<?> scope, MemorySegment auth, BiFunction<MemorySegment, LongSupplier, Connect> open) throws X {
        try {
            return open.apply(auth, scope::waitingSince);
        } catch (LibvirtException failure) {
            scope.<X>check(failure);
            // By ssh libvirt says only that the operation failed (11.3; 9.0 says what).
            throw unanswered && failure.getClass() == LibvirtException.class
                    ? new AuthenticationFailedException(failure.function(), failure.error())
                    : failure;
        }
    }

    // C's virConnectAuthCallbackPtr, on the opening thread.
    @SuppressWarnings("unused")
    private static int asked(MemorySegment array, int count, MemorySegment opaque) {
        return CallScope.enter(opaque, Authentication.class, authentication -> {
            try (TimedCalls.Outside _ = TimedCalls.outside()) {
                return authentication.ask(CMemory.view(array, count * VirConnectCredential.SIZE), count);
            }
        });
    }

    /// libvirt gets all the answers or none.
    private int ask(MemorySegment array, int count) throws Exception {
        List<Credential> credentials = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            credentials.add(new Credential(struct(array, i)));
        }
        try {
            authenticator.authenticate(List.copyOf(credentials));
            if (!credentials.stream().allMatch(Credential::isAnswered)) {
                unanswered = true;
                return -1;
            }
            for (int i = 0; i < count; i++) {
                credentials.get(i).give(struct(array, i));
            }
            return 0;
        } finally {
            credentials.forEach(Credential::end);
        }
    }

    private static MemorySegment struct(MemorySegment array, int i) {
        return array.asSlice(i * VirConnectCredential.SIZE, VirConnectCredential.SIZE);
    }
}
