package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
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
        Libvirt.setUncaughtHandler(null);
        connect.close();
        assertThat(connect.closeResult()).isZero();
    }

    private NotFoundException fail() {
        return catchThrowableOfType(NotFoundException.class, () -> connect.lookupDomainByName("nobody"));
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
            connect.lookupDomainByName("test").close();
            assertThat(catchThrowableOfType(LibvirtException.class, () -> connect.defineDomain("<domain/>")))
                    .isNotNull();
        });
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Libvirt.setUncaughtHandler((_, thrown) -> reported.add(thrown));
        LibvirtException thrown = failFor("nosuch-file");
        assertThat(thrown.getMessage()).contains("nosuch-file.xml");
        assertThat(thrown.function()).isEqualTo("virConnectOpenAuth");
        // The handler's own errors are its own.
        assertThat(heard).containsExactly(thrown.error());
        assertThat(reported).isEmpty();
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
            connect.lookupDomainByName("test").close();
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
}
