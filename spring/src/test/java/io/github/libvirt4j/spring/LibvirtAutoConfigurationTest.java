package io.github.libvirt4j.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.error.AccessDeniedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.observe.Call;
import io.github.libvirt4j.observe.Observer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;

@Timeout(60)
class LibvirtAutoConfigurationTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    /// Also that a context which was closed has closed its links.
    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        for (int i = 0; i < 10_000 && (Libvirt.handlesOpen() > 0 || Libvirt.closuresOnLoan() > 0); i++) {
            Thread.sleep(1);
        }
        assertThat(Libvirt.handlesOpen()).isZero();
        assertThat(Libvirt.closuresOnLoan()).isZero();
    }

    private static List<String> domains(DomainWatch watch) throws InterruptedException {
        assertThat(watch.awaitCurrent(LONG)).isTrue();
        return watch.all().stream().map(view -> view.domain().name()).toList();
    }

    @Test
    void makesALinkAndAWatch() {
        Application.withOneLink(folder).run(context -> {
            assertThat(context).hasSingleBean(Link.class).hasBean("libvirtLink").hasBean("libvirtDomainWatch");
            assertThat(domains(context.getBean(DomainWatch.class))).containsExactly("test");
        });
    }

    /// Not opened: it would be the system's.
    @Test
    void takesTheDefaultConnectionWithoutProperties() {
        Application.bare()
                .withBean(LinkCustomizer.class, () -> (_, _) -> Link.to(TestNode.uri(folder, "other")))
                .run(context -> assertThat(domains(context.getBean("libvirtDomainWatch", DomainWatch.class)))
                        .containsExactly("other"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Injected {
        @Bean
        List<Object> injected(@Qualifier("a") Link a, @Qualifier("b") DomainWatch b, Map<String, Link> links) {
            return List.of(a, b, links);
        }
    }

    @Test
    void makesNamedLinks() {
        Application.withTwoLinks(folder).withUserConfiguration(Injected.class).run(context -> {
            Link a = context.getBean("aLink", Link.class);
            Link b = context.getBean("bLink", Link.class);
            assertThat(context.getBean("injected"))
                    .isEqualTo(List.of(a, context.getBean("bDomainWatch"), Map.of("aLink", a, "bLink", b)));
            assertThat(domains(context.getBean("aDomainWatch", DomainWatch.class)))
                    .containsExactly("ofA");
            assertThat(domains(context.getBean("bDomainWatch", DomainWatch.class)))
                    .containsExactly("ofB");
        });
    }

    @Test
    void prefersTheFirstLinkToNamedOnes() {
        Application.withTwoLinks(folder)
                .withPropertyValues("libvirt4j.uri=" + TestNode.uri(folder, "test"))
                .run(context -> {
                    assertThat(context.getBeansOfType(Link.class)).hasSize(3);
                    assertThat(context.getBean(Link.class)).isSameAs(context.getBean("libvirtLink"));
                    assertThat(context.getBean(DomainWatch.class)).isSameAs(context.getBean("libvirtDomainWatch"));
                });
    }

    /// As it is not valid, each is refused if it arrives.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "libvirt4j.open-timeout=0s",
                "libvirt4j.call-timeout=0s",
                "libvirt4j.keep-alive.interval=1ms",
                "libvirt4j.keep-alive.count=-1",
                "libvirt4j.retry.first=0s",
                "libvirt4j.retry.longest=1ms",
                "libvirt4j.watch.resync=0s",
                "libvirt4j.watch.settle=-1s",
                "libvirt4j.events=domain.dies",
                "libvirt4j.links.a.open-timeout=0s",
                "libvirt4j.links.a.call-timeout=0s",
                "libvirt4j.links.a.keep-alive.interval=1ms",
                "libvirt4j.links.a.keep-alive.count=-1",
                "libvirt4j.links.a.retry.first=0s",
                "libvirt4j.links.a.retry.longest=1ms",
                "libvirt4j.links.nowhere.read-only=true",
                "libvirt4j.links.nowhere.uri=",
                "libvirt4j.links.libvirt.uri=test:///default"
            })
    void handsEachSettingOn(String property) {
        Application.withOneLink(folder)
                .withPropertyValues("libvirt4j.links.a.uri=" + TestNode.uri(folder, "ofA"), property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .extracting(NestedExceptionUtils::getMostSpecificCause)
                        .isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void completesTheSettingsOfANamedLinkOneByOne() {
        LibvirtProperties properties = new Binder(new MapConfigurationPropertySource(Map.of(
                        "libvirt4j.keep-alive.interval", "60s",
                        "libvirt4j.keep-alive.count", "3",
                        "libvirt4j.retry.longest", "2m",
                        "libvirt4j.links.a.uri", "test:///default",
                        "libvirt4j.links.a.keep-alive.count", "9",
                        "libvirt4j.links.a.retry.first", "1m")))
                .bind("libvirt4j", LibvirtProperties.class)
                .get();
        assertThat(properties.all().get("a"))
                .isEqualTo(new LibvirtProperties.Named(
                        "test:///default",
                        false,
                        null,
                        null,
                        new LibvirtProperties.KeepAlive(Duration.ofSeconds(60), 9),
                        new LibvirtProperties.Retry(Duration.ofMinutes(1), Duration.ofMinutes(2))));
    }

    @Test
    void keepsTheOrderOfNamedLinks() {
        Map<String, LibvirtProperties.Named> links = new LinkedHashMap<>();
        IntStream.range(0, 100)
                .forEach(i -> links.put(
                        "rack" + i, new LibvirtProperties.Named("test:///default", null, null, null, null, null)));
        var properties = new LibvirtProperties(
                true,
                null,
                false,
                null,
                null,
                null,
                null,
                links,
                new LibvirtProperties.Watch(true, LONG, Duration.ZERO),
                List.of());
        assertThat(properties.all().keySet()).containsExactlyElementsOf(links.keySet());
    }

    /// As `${X:}` without a value.
    @Test
    void takesAnEmptyUriForNone() {
        Application.withTwoLinks(folder)
                .withPropertyValues("libvirt4j.uri=")
                .run(context -> assertThat(context)
                        .doesNotHaveBean("libvirtLink")
                        .hasBean("aLink")
                        .hasBean("bLink"));
    }

    private static void assertReadOnly(AssertableApplicationContext context, String link) throws InterruptedException {
        Link found = context.getBean(link, Link.class);
        assertThat(found.awaitUp(LONG)).isTrue();
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> Application.change(found, "ofA", Domain::suspend));
    }

    @Test
    void opensReadOnly() {
        Application.withTwoLinks(folder)
                .withPropertyValues("libvirt4j.read-only=true", "libvirt4j.links.b.read-only=false")
                .run(context -> {
                    assertReadOnly(context, "aLink");
                    Link b = context.getBean("bLink", Link.class);
                    assertThat(b.awaitUp(LONG)).isTrue();
                    Application.change(b, "ofB", Domain::suspend);
                });
    }

    @Test
    void letsBeansCustomizeLinks() {
        Application.withTwoLinks(folder)
                .withBean(
                        LinkCustomizer.class,
                        () -> (name, steps) -> name.equals("a") ? steps.opening(opening -> opening.readOnly()) : steps)
                .run(context -> {
                    assertReadOnly(context, "aLink");
                    Link b = context.getBean("bLink", Link.class);
                    assertThat(b.awaitUp(LONG)).isTrue();
                    Application.change(b, "ofB", Domain::suspend);
                });
    }

    @Test
    void watchesALinkOfThePrograms() {
        Application.bare()
                .withPropertyValues("libvirt4j.uri=test:///nowhere")
                .withBean(
                        "mineLink",
                        Link.class,
                        () -> Link.to(TestNode.uri(folder, "mine")).open())
                .run(context -> {
                    assertThat(context).hasSingleBean(Link.class).doesNotHaveBean("libvirtLink");
                    assertThat(domains(context.getBean("mineDomainWatch", DomainWatch.class)))
                            .containsExactly("mine");
                });
    }

    @Test
    void watchesALinkThatIsRegisteredAsAnObject() {
        try (Link link = Link.to(TestNode.uri(folder, "mine")).open()) {
            Application.bare()
                    .withInitializer(context -> context.getBeanFactory().registerSingleton("mineLink", link))
                    .run(context -> assertThat(domains(context.getBean("mineDomainWatch", DomainWatch.class)))
                            .containsExactly("mine"));
        }
    }

    private Link linkTo(String domain) {
        return Link.to(TestNode.uri(folder, domain)).open();
    }

    /// The longer one by its full name, in whatever order they are defined.
    @Test
    void watchesLinksWhoseNamesClash() {
        Application.bare()
                .withBean("mineLink", Link.class, () -> linkTo("long"))
                .withBean("mine", Link.class, () -> linkTo("short"))
                .run(context -> {
                    assertThat(domains(context.getBean("mineDomainWatch", DomainWatch.class)))
                            .containsExactly("short");
                    assertThat(domains(context.getBean("mineLinkDomainWatch", DomainWatch.class)))
                            .containsExactly("long");
                });
    }

    @Test
    void namesLinksWithoutTheEndsOfTheirBeans() {
        assertThat(Beans.links(List.of("aLink", "b", "Link", "cDomainWatch"), Beans.LINK))
                .isEqualTo(Map.of("aLink", "a", "b", "b", "Link", "Link", "cDomainWatch", "cDomainWatch"));
        assertThat(Beans.links(List.of("aLinkLink", "aLink"), Beans.LINK))
                .isEqualTo(Map.of("aLink", "a", "aLinkLink", "aLink"));
        assertThat(Beans.links(List.of("aLinkLink", "aLink", "a"), Beans.LINK))
                .isEqualTo(Map.of("a", "a", "aLink", "aLink", "aLinkLink", "aLinkLink"));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnWatch {
        @Bean
        DomainWatch mine(Link link) {
            return link.watchDomains(new DomainHandler() {});
        }
    }

    @Test
    void leavesAWatchOfThePrograms() {
        Application.withOneLink(folder)
                .withUserConfiguration(OwnWatch.class)
                .run(context ->
                        assertThat(context).hasSingleBean(DomainWatch.class).doesNotHaveBean("libvirtDomainWatch"));
    }

    @Test
    void watchesNothingOnRequest() {
        Application.withOneLink(folder)
                .withPropertyValues("libvirt4j.watch.enabled=false")
                .run(context -> assertThat(context).hasSingleBean(Link.class).doesNotHaveBean(DomainWatch.class));
    }

    @Test
    void doesNothingOnRequest() {
        Application.withOneLink(folder)
                .withPropertyValues("libvirt4j.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(Link.class)
                        .doesNotHaveBean(DomainWatch.class)
                        .doesNotHaveBean("libvirtHealthContributor")
                        .hasNotFailed());
    }

    @Test
    void needsNeitherHealthNorMeters() {
        Application.withOneLink(folder)
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health", "io.micrometer"))
                .run(context ->
                        assertThat(domains(context.getBean(DomainWatch.class))).containsExactly("test"));
    }

    @Test
    void tellsObserversFromTheFirstOpeningOn() {
        Queue<String> called = new ConcurrentLinkedQueue<>();
        Application.withOneLink(folder)
                .withBean(Observer.class, () -> new Observer() {
                    @Override
                    public void calling(Call call) {
                        called.add(call.function());
                    }
                })
                .run(context -> {
                    assertThat(context.getBean(Link.class).awaitUp(LONG)).isTrue();
                    assertThat(called).contains("virConnectOpenAuth");
                });
        called.clear();
        Application.withOneLink(folder)
                .run(context ->
                        assertThat(context.getBean(Link.class).awaitUp(LONG)).isTrue());
        assertThat(called).isEmpty();
    }

    @Test
    void closesLinksWithTheContext() {
        Application.withOneLink(folder).run(context -> {
            Link link = context.getBean(Link.class);
            assertThat(link.awaitUp(LONG)).isTrue();
            context.close();
            assertThat(link.state()).isInstanceOf(LinkState.Closed.class);
        });
    }

    private static void awaitOnLoan(long closures) throws InterruptedException {
        for (int i = 0; i < 10_000 && Libvirt.closuresOnLoan() != closures; i++) {
            Thread.sleep(1);
        }
        assertThat(Libvirt.closuresOnLoan()).isEqualTo(closures);
    }

    @Test
    void closesRegistrationsOnALinkThatOutlivesTheContext() throws InterruptedException {
        try (Link link = linkTo("mine")) {
            assertThat(link.awaitUp(LONG)).isTrue();
            long before = Libvirt.closuresOnLoan();
            Application.bare()
                    .withPropertyValues("libvirt4j.events=domain.reboot", "libvirt4j.watch.enabled=false")
                    .withInitializer(context -> context.getBeanFactory().registerSingleton("mineLink", link))
                    .run(_ -> awaitOnLoan(before + 1));
            awaitOnLoan(before);
            assertThat(link.state()).isInstanceOf(LinkState.Up.class);
        }
    }

    /// A host that cannot be reached is a state, and does not keep the application from its start.
    @Test
    void startsWithoutAHost() {
        Application.bare()
                .withPropertyValues("libvirt4j.uri=test:///no/such/file")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Link link = context.getBean(Link.class);
                    while (!(link.state() instanceof LinkState.Down down
                            && down.failure().isPresent())) {
                        Thread.onSpinWait();
                    }
                    Assertions.assertThat(
                                    ((LinkState.Down) link.state()).failure().orElseThrow())
                            .isInstanceOf(LibvirtException.class);
                });
    }
}
