package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class WorkersTest {
    @Test
    void areDaemonsThatInheritNothing() throws Exception {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("of the caller");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        var seen = new CompletableFuture<String>();
        try (var ofTheCaller = new URLClassLoader(new URL[0])) {
            Thread.currentThread().setContextClassLoader(ofTheCaller);
            Thread thread = Workers.thread("name", () -> seen.complete(String.valueOf(local.get())));
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.isVirtual()).isFalse();
            assertThat(thread.getName()).isEqualTo("name");
            assertThat(thread.getContextClassLoader()).isNotSameAs(ofTheCaller);
            assertThat(thread.getState()).isEqualTo(Thread.State.NEW);
            thread.start();
            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("null");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /// Also where that is not the one of the VM's class path.
    @Test
    void haveTheContextClassLoaderOfTheLibrary() throws Exception {
        URL classes = Objects.requireNonNull(Workers.class.getProtectionDomain().getCodeSource())
                .getLocation();
        // The platform's loader as parent would find the class in the module.
        try (var loader = new URLClassLoader(new URL[] {classes}, null)) {
            Runnable nothing = () -> {};
            var thread = (Thread) Objects.requireNonNull(loader.loadClass(Workers.class.getName())
                    .getMethod("thread", String.class, Runnable.class)
                    .invoke(null, "name", nothing));
            assertThat(thread.getContextClassLoader()).isSameAs(loader);
        }
    }

    @Test
    void areNumberedAndCountedWhileTheyWork() throws Exception {
        BlockingQueue<Thread> at = new LinkedBlockingQueue<>();
        var goOn = new CountDownLatch(1);
        Runnable task = () -> {
            at.add(Thread.currentThread());
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        Workers.execute(task);
        Workers.execute(task);
        Thread first = at.take();
        Thread second = at.take();
        assertThat(Workers.busy()).isEqualTo(2);
        goOn.countDown();
        assertThat(first.getName()).matches("libvirt4j-worker-[1-9]\\d*").isNotEqualTo(second.getName());
        assertThat(second.getName()).matches("libvirt4j-worker-[1-9]\\d*");
        assertThat(first).isNotSameAs(Thread.currentThread());
    }
}
