package io.github.libvirt4j.internal.auth;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.error.AuthenticationFailedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.call.LastingMemory;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.callback.CallScope;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.internal.raw.VirConnectAuth;
import io.github.libvirt4j.internal.raw.VirConnectCredential;
import io.github.libvirt4j.types.ConnectCredentialType;
import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// C's `virConnectAuth`: an [Authenticator] lent for the length of one opening.
public final class Authentication {
    private static final Upcall ASKED = Upcall.of(
            "virConnectAuthCallbackPtr",
            CallbackTypes.virConnectAuthCallbackPtr(),
            MethodHandles.lookup(),
            "asked",
            -1);

    /// Answers nothing. libvirt looks into its file of credentials (`auth.conf`) only for one who could be
    /// asked for what is not there, and for the sorts of questions that one could answer.
    public static final Authenticator<RuntimeException> NOBODY = _ -> {};

    private static final String NO_LOGIN = ". Set an authenticator, or put name and password into libvirt's"
            + " auth.conf, or into a file that ?authfile= in the URI names";

    private static final String UNREADABLE = ". libvirt gives no reason when it cannot read its file of credentials;"
            + " look at the one that LIBVIRT_AUTH_FILE names, or ?authfile= in the URI";

    private final Authenticator<?> authenticator;
    private volatile boolean unanswered;

    public Authentication(Authenticator<?> authenticator) {
        this.authenticator = authenticator;
    }

    /// Its C callback.
    public static Upcall upcall() {
        return ASKED;
    }

    /// Opens with answers.
    ///
    /// @param uri null for libvirt's default
    /// @param open `virConnectOpenAuth` with the struct it is given, and with who knows since when libvirt
    ///     has been at work
    /// @param close closes the result of an opening during which an answer threw
    public static <T, X extends Exception> T open(
            @Nullable String uri,
            Authenticator<X> authenticator,
            BiFunction<MemorySegment, LongSupplier, T> open,
            Consumer<T> close)
            throws X {
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
            T opened = authentication.<T, X>open(uri, scope, auth, open);
            try {
                scope.<X>check(null);
            } catch (Throwable t) {
                close.accept(opened);
                throw t;
            }
            return opened;
        } finally {
            authenticator.finished();
        }
    }

    private <T, X extends Exception> T open(
            @Nullable String uri,
            CallScope<?> scope,
            MemorySegment auth,
            BiFunction<MemorySegment, LongSupplier, T> open)
            throws X {
        try {
            return open.apply(auth, scope::waitingSince);
        } catch (LibvirtException failure) {
            scope.<X>check(failure);
            throw ofLogin(failure, uri);
        }
    }

    /// The failure as one of the login, if it is.
    private LibvirtException ofLogin(LibvirtException failure, @Nullable String uri) {
        boolean isTyped = failure instanceof AuthenticationFailedException;
        if (unanswered && (isTyped || failure.getClass() == LibvirtException.class)) {
            // By ssh libvirt says only that the operation failed (11.3; 9.0 says what).
            return failed(failure, NOBODY.equals(authenticator) ? NO_LOGIN : "");
        }
        // libvirt reports an entry that its file of credentials lacks without a domain, and an unreadable
        // file not at all.
        if (failure.domain() == ErrorDomain.NONE && failure.code() == ErrorNumber.CONF_SYNTAX) {
            return failed(failure, "");
        }
        return failure.domain() == ErrorDomain.NONE && failure.code() == ErrorNumber.INTERNAL_ERROR && namesFile(uri)
                ? failed(failure, UNREADABLE)
                : failure;
    }

    private static boolean namesFile(@Nullable String uri) {
        return System.getenv("LIBVIRT_AUTH_FILE") != null || (uri != null && uri.contains("authfile="));
    }

    private static AuthenticationFailedException failed(LibvirtException failure, String advice) {
        return new AuthenticationFailedException(failure.function(), failure.error(), advice);
    }

    // C's virConnectAuthCallbackPtr, on the opening thread.
    @SuppressWarnings("unused")
    private static int asked(long array, int count, long opaque) {
        return CallScope.enter(opaque, Authentication.class, authentication -> {
            try (TimedCalls.Outside _ = TimedCalls.outside()) {
                return authentication.ask(
                        CMemory.array(ASKED.cName(), MemorySegment.ofAddress(array), count, VirConnectCredential.SIZE),
                        count);
            }
        });
    }

    /// libvirt gets all the answers or none. No questions are left where its file of credentials had all.
    private int ask(MemorySegment array, int count) throws Exception {
        if (count == 0) {
            return 0;
        }
        List<Question> credentials = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            credentials.add(new Question(struct(array, i)));
        }
        try {
            authenticator.authenticate(List.copyOf(credentials));
            // Closed before the first is given: a late answer could replace, or spoil, one that was counted.
            if (credentials.stream().filter(Question::close).count() < count) {
                unanswered = true;
                return -1;
            }
            for (int i = 0; i < count; i++) {
                credentials.get(i).give(struct(array, i));
            }
            return 0;
        } finally {
            credentials.forEach(Question::end);
        }
    }

    private static MemorySegment struct(MemorySegment array, int i) {
        return array.asSlice(i * VirConnectCredential.SIZE, VirConnectCredential.SIZE);
    }
}
