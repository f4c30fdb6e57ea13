package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.libvirt4j.error.ErrorHandler;
import io.github.libvirt4j.error.LibvirtError;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.callback.FakeC;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.internal.raw.VirError;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class ErrorHandlerTest {
    private final TestDriver driver;
    private Connect connect;
    private final List<LibvirtError> heard = new CopyOnWriteArrayList<>();

    ErrorHandlerTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        connect = driver.open();
    }

    @AfterEach
    void close() {
        Libvirt.setErrorHandler(null);
        connect.close();
        assertThat(connect.closeResult()).isZero();
    }

    private NotFoundException fail() {
        return catchThrowableOfType(
                NotFoundException.class, () -> connect.domains().lookupByName("nobody"));
    }

    /// Fails with an error that names what was asked for.
    private static LibvirtException failFor(String file) {
        return catchThrowableOfType(LibvirtException.class, () -> Connect.open("test:///" + file + ".xml"));
    }

    /// The failing call, which uses the connection, waits for the handler: `close` does not wait for
    /// either.
    @Test
    void mayCloseTheConnectionWhoseCallFailed() {
        Libvirt.setErrorHandler(_ -> connect.close());
        long before = System.nanoTime();
        assertThat(fail()).isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        assertThat(connect.isClosed()).isTrue();
    }

    @Test
    void hearsWhatTheExceptionOfTheFailingCallSays() {
        Libvirt.setErrorHandler(heard::add);
        NotFoundException thrown = fail();
        assertThat(heard).containsExactly(thrown.error());
        LibvirtError error = heard.getFirst();
        assertThat(error.code()).isEqualTo(ErrorNumber.NO_DOMAIN);
        assertThat(error.rawCode()).isEqualTo(42);
        assertThat(error.domain()).isEqualTo(ErrorDomain.TEST);
        assertThat(error.level()).isEqualTo(ErrorLevel.ERROR);
        assertThat(error.message()).startsWith("Domain not found");
    }

    @Test
    void isReplacedAndCleared() {
        List<LibvirtError> second = new CopyOnWriteArrayList<>();
        ErrorHandler first = heard::add;
        assertThat(Libvirt.setErrorHandler(first)).isNull();
        fail();
        ErrorHandler next = second::add;
        assertThat(Libvirt.setErrorHandler(next)).isSameAs(first);
        fail();
        assertThat(Libvirt.setErrorHandler(null)).isSameAs(next);
        fail();
        assertThat(heard).hasSize(1);
        assertThat(second).hasSize(1);
    }

    @Test
    void mayThrowAndTheCallStillSaysWhatFailed() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Libvirt.setUncaughtHandler((callback, thrown) -> {
            assertThat(callback).isEqualTo("virErrorFunc");
            reported.add(thrown);
        });
        Exception own = new Exception("of the handler");
        Libvirt.setErrorHandler(_ -> {
            throw own;
        });
        assertThat(fail().code()).isEqualTo(ErrorNumber.NO_DOMAIN);
        assertThat(reported).containsExactly(own);

        Libvirt.setErrorHandler(error -> recurse(error.rawCode()));
        assertThat(fail().code()).isEqualTo(ErrorNumber.NO_DOMAIN);
        assertThat(reported).hasSize(2).last().isInstanceOf(StackOverflowError.class);
    }

    @SuppressWarnings("InfiniteRecursion") // On purpose.
    private static int recurse(int number) {
        return number + recurse(number + 1);
    }

    @Test
    void mayCallLibvirtAndTheFailingCallsErrorSurvives() {
        Libvirt.setErrorHandler(error -> {
            heard.add(error);
            // One call that succeeds and one that fails: each would erase the error.
            connect.domains().lookupByName("test").close();
            assertThat(catchThrowableOfType(
                            LibvirtException.class, () -> connect.domains().define("<domain/>")))
                    .isNotNull();
        });
        LibvirtException thrown = failFor("nosuch-file");
        assertThat(thrown.getMessage()).contains("nosuch-file.xml");
        assertThat(thrown.function()).isEqualTo("virConnectOpenAuth");
        // The handler's own errors are its own.
        assertThat(heard).containsExactly(thrown.error());
    }

    @Test
    void isReplacedClearedAndThrowsWhileEightThreadsRaiseErrors() throws Exception {
        AtomicLong calls = new AtomicLong();
        AtomicLong reported = new AtomicLong();
        AtomicInteger wrong = new AtomicInteger();
        AtomicBoolean storm = new AtomicBoolean(true);
        Libvirt.setUncaughtHandler((_, _) -> reported.incrementAndGet());
        ErrorHandler quiet = _ -> calls.incrementAndGet();
        ErrorHandler throwing = _ -> {
            calls.incrementAndGet();
            throw new IllegalStateException("in the storm");
        };
        ErrorHandler calling = _ -> {
            calls.incrementAndGet();
            connect.domains().lookupByName("test").close();
        };
        Threads.together(9, thread -> {
            if (thread == 8) {
                while (calls.get() < 20_000) {
                    for (ErrorHandler handler : new ErrorHandler[] {quiet, throwing, null, calling}) {
                        Libvirt.setErrorHandler(handler);
                        Thread.sleep(1);
                    }
                }
                storm.set(false);
                return;
            }
            for (int i = 0; storm.get(); i++) {
                String file = "nobody-" + thread + "-" + i;
                LibvirtException thrown = failFor(file);
                if (thrown == null || !String.valueOf(thrown.getMessage()).contains(file)) {
                    wrong.incrementAndGet();
                }
            }
        });
        assertThat(wrong).hasValue(0);
        assertThat(reported).hasPositiveValue();
    }

    @Test
    void ofAConnectionHearsItsErrorsInsteadOfTheGlobalOne() {
        List<LibvirtError> ofConnection = new CopyOnWriteArrayList<>();
        ErrorHandler handler = ofConnection::add;
        Libvirt.setErrorHandler(heard::add);
        assertThat(connect.setErrorHandler(handler)).isNull();
        assertThat(Libvirt.closuresOnLoan()).isEqualTo(1);
        LibvirtError error = fail().error();
        assertThat(ofConnection).containsExactly(error);
        try (Connect other = driver.open()) {
            assertThatThrownBy(() -> other.domains().lookupByName("nobody")).isInstanceOf(NotFoundException.class);
        }
        assertThat(ofConnection).hasSize(1);
        assertThat(heard).hasSize(1);
        assertThat(connect.setErrorHandler(null)).isSameAs(handler);
        fail();
        assertThat(ofConnection).hasSize(1);
        assertThat(heard).hasSize(2);
        connect.setErrorHandler(handler);
        connect.close();
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThatThrownBy(() -> connect.setErrorHandler(handler)).isInstanceOf(IllegalStateException.class);
    }

    /// A daemon can answer late, and C would find a number that is another closure's by then.
    @Test
    void ofAConnectionIsTakenOutOfCBeforeItsLoanEnds() {
        List<LibvirtError> ofConnection = new CopyOnWriteArrayList<>();
        Libvirt.setErrorHandler(heard::add);
        var callback = new ErrorCallback.OfConnection();
        MemorySegment pointer = connect.object.pointer();
        callback.set(pointer, ofConnection::add);
        fail();
        callback.end(pointer);
        long strays = Loans.strays();
        fail();
        assertThat(ofConnection).hasSize(1);
        assertThat(heard).hasSize(1);
        assertThat(Loans.strays()).isEqualTo(strays);
    }

    @Test
    void ofAConnectionMayThrowCallLibvirtAndReplaceItself() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Libvirt.setUncaughtHandler((callback, thrown) -> reported.add(thrown));
        var own = new IllegalStateException("on purpose");
        connect.setErrorHandler(error -> {
            heard.add(error);
            connect.domains().lookupByName("test").close();
            assertThat(catchThrowableOfType(
                            LibvirtException.class, () -> connect.domains().define("<domain/>")))
                    .isNotNull();
            connect.setErrorHandler(null);
            throw own;
        });
        NotFoundException thrown = fail();
        assertThat(thrown.code()).isEqualTo(ErrorNumber.NO_DOMAIN);
        assertThat(heard).containsExactly(thrown.error());
        assertThat(reported).containsExactly(own);
        fail();
        assertThat(heard).hasSize(1);
    }

    @Test
    void ofAConnectionIsReplacedAndClearedWhileFourThreadsRaiseErrors() throws Exception {
        AtomicLong calls = new AtomicLong();
        AtomicInteger wrong = new AtomicInteger();
        AtomicBoolean storm = new AtomicBoolean(true);
        Libvirt.setUncaughtHandler((_, _) -> {});
        ErrorHandler throwing = _ -> {
            calls.incrementAndGet();
            throw new IllegalStateException("in the storm");
        };
        ErrorHandler calling = _ -> {
            calls.incrementAndGet();
            connect.domains().lookupByName("test").close();
        };
        Threads.together(5, thread -> {
            if (thread == 4) {
                while (calls.get() < 5_000) {
                    connect.setErrorHandler(throwing);
                    Thread.sleep(1);
                    connect.setErrorHandler(null);
                    connect.setErrorHandler(calling);
                    Thread.sleep(1);
                }
                storm.set(false);
                return;
            }
            for (int i = 0; storm.get(); i++) {
                String name = "nobody-" + thread + "-" + i;
                NotFoundException thrown = catchThrowableOfType(
                        NotFoundException.class, () -> connect.networks().lookupByName(name));
                if (thrown == null || !String.valueOf(thrown.getMessage()).contains(name)) {
                    wrong.incrementAndGet();
                }
            }
        });
        assertThat(wrong).hasValue(0);
    }

    /// What C passes is copied before the handler sees it.
    @Test
    void hearsEdgeValuesFromAMadeUpC() throws Throwable {
        MethodHandle raise = FakeC.function(ErrorCallback.upcall().pointer(0), CallbackTypes.virErrorFunc());
        Libvirt.setErrorHandler(heard::add);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(VirError.SIZE, Long.BYTES);
            VirError.code(error, Integer.MAX_VALUE);
            VirError.domain(error, -1);
            VirError.level(error, 99);
            VirError.int1(error, Integer.MIN_VALUE);
            raise.invokeExact(MemorySegment.NULL, error);
            raise.invokeExact(MemorySegment.NULL, MemorySegment.NULL);
            long strays = Loans.strays();
            raise.invokeExact(MemorySegment.ofAddress(1), error);
            assertThat(Loans.strays()).isEqualTo(strays + 1);
            assertThat(VirError.code(error)).isEqualTo(Integer.MAX_VALUE);
        }
        assertThat(heard)
                .containsExactly(
                        new LibvirtError(Integer.MAX_VALUE, -1, 99, null, null, null, null, Integer.MIN_VALUE, 0));
        assertThat(heard.getFirst().code()).isEqualTo(ErrorNumber.UNRECOGNIZED);
    }
}
