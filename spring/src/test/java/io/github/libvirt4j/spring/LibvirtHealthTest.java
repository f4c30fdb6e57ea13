package io.github.libvirt4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

@Timeout(60)
class LibvirtHealthTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private static Health of(@Nullable HealthContributor contributor) {
        assertThat(contributor).isInstanceOf(HealthIndicator.class);
        return Objects.requireNonNull(((HealthIndicator) Objects.requireNonNull(contributor)).health());
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void isUpWhileTheWatchIsCurrent() {
        Application.withOneLink(folder).run(context -> {
            HealthContributor contributor = context.getBean(HealthContributor.class);
            DomainWatch watch = context.getBean(DomainWatch.class);
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            Health up = of(contributor);
            assertThat(up.getStatus()).isEqualTo(Status.UP);
            assertThat(up.getDetails())
                    .containsEntry("link", "up")
                    .containsEntry("generation", 1)
                    .containsEntry("domains", 1);
            watch.close();
            assertThat(of(contributor).getStatus()).isEqualTo(Status.DOWN);
            context.getBean(Link.class).close();
            assertThat(of(contributor).getDetails()).containsEntry("link", "closed");
        });
    }

    @Test
    void isDownWhileTheLinkIs() {
        Application.bare()
                .withPropertyValues("libvirt4j.uri=test:///no/such/file", "libvirt4j.watch.enabled=false")
                .run(context -> {
                    Link link = context.getBean(Link.class);
                    while (!(link.state() instanceof LinkState.Down down
                            && down.failure().isPresent())) {
                        Thread.onSpinWait();
                    }
                    Health health = of(context.getBean(HealthContributor.class));
                    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(health.getDetails())
                            .containsEntry("cause", "BEGINNING")
                            .containsKey("error")
                            .containsKey("nextTry")
                            .doesNotContainKey("current");
                });
    }

    @Test
    void isToldByTheNamesOfLinks() {
        Application.withTwoLinks(folder).run(context -> {
            var both = context.getBean(CompositeHealthContributor.class);
            for (String each : new String[] {"a", "b"}) {
                assertThat(context.getBean(each + "DomainWatch", DomainWatch.class)
                                .awaitCurrent(LONG))
                        .isTrue();
                assertThat(of(both.getContributor(each)).getStatus()).isEqualTo(Status.UP);
            }
        });
    }

    @Test
    void isNotToldOnRequest() {
        Application.withOneLink(folder)
                .withPropertyValues("management.health.libvirt.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthContributor.class));
    }

    @Test
    void leavesThatOfThePrograms() {
        Application.withOneLink(folder)
                .withBean(
                        "libvirtHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.unknown().build())
                .run(context -> assertThat(context).hasSingleBean(HealthContributor.class));
    }
}
