package io.github.libvirt4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.types.DomainState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

@Timeout(60)
class ApplicationEventsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();

    @BeforeEach
    void catchesAll() {
        Libvirt.setUncaughtHandler((_, thrown) -> uncaught.add(thrown));
    }

    @AfterEach
    void nothingIsLeft() {
        Libvirt.setUncaughtHandler(null);
        assertThat(uncaught).isEmpty();
    }

    /// Keeps what it hears.
    static class Listener {
        final BlockingQueue<DomainWatchEvent> heard = new LinkedBlockingQueue<>();
        final BlockingQueue<PayloadApplicationEvent<?>> raw = new LinkedBlockingQueue<>();
        volatile @Nullable ClassLoader loader;

        @EventListener
        void on(DomainWatchEvent event) {
            loader = Thread.currentThread().getContextClassLoader();
            heard.add(event);
        }

        @EventListener
        void on(PayloadApplicationEvent<DomainEvent.Lifecycle> event) {
            raw.add(event);
        }

        @EventListener
        void onGap(PayloadApplicationEvent<Gap> event) {
            raw.add(event);
        }

        <E extends DomainWatchEvent> E next(Class<E> type) throws InterruptedException {
            while (true) {
                DomainWatchEvent event = heard.take();
                if (type.isInstance(event)) {
                    return type.cast(event);
                }
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {
        @Bean
        Listener listener() {
            return new Listener();
        }
    }

    @Test
    void publishesTheNoticesOfAWatch() {
        Application.withOneLink(folder).withUserConfiguration(Listening.class).run(context -> {
            Listener listener = context.getBean(Listener.class);
            assertThat(listener.next(DomainWatchEvent.LinkChanged.class).link()).isEqualTo("libvirt");
            assertThat(listener.next(DomainWatchEvent.Missing.class).gap().cause())
                    .isEqualTo(Gap.Cause.BEGINNING);
            assertThat(listener.next(DomainWatchEvent.Added.class).now().state())
                    .isEqualTo(DomainState.RUNNING);
            assertThat(listener.next(DomainWatchEvent.Synced.class).generation())
                    .isEqualTo(1);
            Application.change(context.getBean(Link.class), "test", Domain::suspend);
            var changed = listener.next(DomainWatchEvent.Changed.class);
            assertThat(changed.link()).isEqualTo("libvirt");
            assertThat(changed.was().state()).isEqualTo(DomainState.RUNNING);
            assertThat(changed.now().state()).isEqualTo(DomainState.PAUSED);
            Application.change(context.getBean(Link.class), "test", domain -> {
                domain.destroy();
                domain.undefine();
            });
            assertThat(listener.next(DomainWatchEvent.Removed.class)
                            .last()
                            .domain()
                            .name())
                    .isEqualTo("test");
        });
    }

    @Test
    void namesTheLink() {
        Application.withTwoLinks(folder).withUserConfiguration(Listening.class).run(context -> {
            List<String> added = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                var event = context.getBean(Listener.class).next(DomainWatchEvent.Added.class);
                added.add(event.link() + " " + event.now().domain().name());
            }
            assertThat(added).containsExactlyInAnyOrder("a ofA", "b ofB");
        });
    }

    @Test
    void publishesEventsOfChosenKinds() {
        Application.withOneLink(folder)
                .withPropertyValues("libvirt4j.events=domain.lifecycle", "libvirt4j.watch.enabled=false")
                .withUserConfiguration(Listening.class)
                .run(context -> {
                    Listener listener = context.getBean(Listener.class);
                    Link link = context.getBean(Link.class);
                    assertThat(listener.raw.take().getPayload()).isInstanceOf(Gap.class);
                    Application.change(link, "test", Domain::suspend);
                    var event = listener.raw.take();
                    assertThat(event.getSource()).isSameAs(link);
                    assertThat(event.getPayload()).isInstanceOf(DomainEvent.Lifecycle.class);
                    assertThat(listener.heard).isEmpty();
                });
    }

    /// Starts before the events, and waits until there is something to publish.
    @Configuration(proxyBeanMethods = false)
    static class SlowStart {
        @Bean
        SmartLifecycle slow(DomainWatch watch, Listener listener) {
            return new SmartLifecycle() {
                private volatile boolean running;

                @Override
                public int getPhase() {
                    return 0;
                }

                @Override
                public void start() {
                    try {
                        assertThat(watch.awaitCurrent(LONG)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    assertThat(listener.heard).isEmpty();
                    running = true;
                }

                @Override
                public void stop() {
                    running = false;
                }

                @Override
                public boolean isRunning() {
                    return running;
                }
            };
        }
    }

    @Test
    void publishesNothingBeforeTheStart() {
        Application.withOneLink(folder)
                .withUserConfiguration(Listening.class, SlowStart.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getBean(Listener.class).next(DomainWatchEvent.Synced.class);
                });
    }

    /// As a test context that waits for its next test: it then hears of the difference.
    @Test
    void pausesWithTheContext() {
        Application.withOneLink(folder).withUserConfiguration(Listening.class).run(context -> {
            Listener listener = context.getBean(Listener.class);
            Link link = context.getBean(Link.class);
            DomainWatch watch = context.getBean(DomainWatch.class);
            listener.next(DomainWatchEvent.Synced.class);
            context.stop();
            Application.change(link, "test", domain -> {
                domain.suspend();
                domain.destroy();
                domain.create();
                domain.suspend();
            });
            assertThat(watch.await(watch.all().getFirst().domain().uuid(), DomainState.PAUSED, LONG))
                    .isTrue();
            assertThat(listener.heard).isEmpty();
            context.start();
            // The notice that waits may be of any of the four changes; the next one is of all that followed.
            DomainState first =
                    listener.next(DomainWatchEvent.Changed.class).now().state();
            if (first != DomainState.PAUSED || !listener.heard.isEmpty()) {
                assertThat(listener.next(DomainWatchEvent.Changed.class).now().state())
                        .isEqualTo(DomainState.PAUSED);
            }
        });
    }

    @Test
    void setsTheClassLoaderOfTheApplication() {
        var loader = new FilteredClassLoader("none");
        Application.withOneLink(folder)
                .withClassLoader(loader)
                .withUserConfiguration(Listening.class)
                .run(context -> {
                    Listener listener = context.getBean(Listener.class);
                    listener.next(DomainWatchEvent.Synced.class);
                    assertThat(listener.loader).isSameAs(loader);
                });
    }

    /// Calls of listeners, as the publisher of an application makes them.
    private ApplicationEvents events(Predicate<Object> listener) {
        return events(listener, List.of());
    }

    private ApplicationEvents events(Predicate<Object> listener, List<String> kinds, Link... links) {
        var beans = new StaticListableBeanFactory();
        for (Link link : links) {
            beans.addBean(link.toString(), link);
        }
        return new ApplicationEvents(
                new org.springframework.context.ApplicationEventPublisher() {
                    @Override
                    public void publishEvent(Object event) {
                        assertThat(listener.test(event)).isTrue();
                    }
                },
                beans.getBeanProvider(Link.class),
                kinds,
                null,
                Duration.ofMillis(10));
    }

    private Thread synced(ApplicationEvents events, int generation) {
        return Thread.ofPlatform().start(() -> {
            try {
                events.ofWatch("a").synced(generation);
            } catch (Exception e) {
                uncaught.add(e);
            }
        });
    }

    /// In an application whose beans are made on demand, Spring Boot makes all lazy that does not say otherwise.
    @Test
    void publishesWhereBeansAreLazy() {
        Application.withOneLink(folder)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withUserConfiguration(Listening.class)
                .run(context -> context.getBean(Listener.class).next(DomainWatchEvent.Synced.class));
    }

    @Test
    void restoresTheClassLoaderOfAThread() throws Exception {
        var own = new FilteredClassLoader("none");
        var after = new CompletableFuture<Boolean>();
        ApplicationEvents events = events(_ -> true);
        events.start();
        Thread handler = Thread.ofPlatform().unstarted(() -> {
            try {
                events.ofWatch("a").synced(1);
                after.complete(own.equals(Thread.currentThread().getContextClassLoader()));
            } catch (Exception e) {
                after.completeExceptionally(e);
            }
        });
        handler.setContextClassLoader(own);
        handler.start();
        assertThat(after.get(30, TimeUnit.SECONDS)).isTrue();
    }

    /// The test driver has no secrets.
    @Test
    void opensALinkThatRefusesAKind() throws InterruptedException {
        try (Link link = Link.to(TestNode.uri(folder, "test")).open()) {
            ApplicationEvents events = events(_ -> true, List.of("secret.lifecycle"), link);
            events.start();
            assertThat(events.isRunning()).isTrue();
            assertThat(link.awaitUp(LONG)).isTrue();
            events.destroy();
        }
    }

    @Test
    void stopsWhenListenersHaveReturned() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        ApplicationEvents events = events(_ -> {
            inside.countDown();
            return goOn(goOn);
        });
        events.start();
        Thread handler = synced(events, 1);
        inside.await();
        var stopped = new CompletableFuture<Boolean>();
        events.stop(() -> stopped.complete(true));
        assertThat(stopped).isNotDone();
        assertThat(events.isRunning()).isFalse();
        goOn.countDown();
        assertThat(stopped.get(30, TimeUnit.SECONDS)).isTrue();
        handler.join();
    }

    private static boolean goOn(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /// A listener that closes the application does not wait for itself.
    @Test
    void stopsFromAListener() throws Exception {
        var stopped = new CompletableFuture<Boolean>();
        var events = new AtomicReference<ApplicationEvents>();
        events.set(events(_ -> {
            events.get().stop(() -> stopped.complete(true));
            return stopped.isDone();
        }));
        events.get().start();
        synced(events.get(), 1).join();
        assertThat(stopped).isDone();
    }

    @Test
    void releasesHandlersThatWaitAtTheEnd() throws Exception {
        ApplicationEvents events = events(_ -> false);
        Thread handler = synced(events, 1);
        while (handler.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        events.destroy();
        handler.join();
        events.start();
        assertThat(events.isRunning()).isFalse();
        synced(events, 2).join();
    }
}
