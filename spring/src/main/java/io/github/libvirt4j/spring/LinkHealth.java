package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/// The health of a link and the watch over it: up while the link is up and the watch is current. It looks at
/// what the library knows, and asks no daemon.
final class LinkHealth extends AbstractHealthIndicator {
    private final @Nullable Link link;
    private final @Nullable DomainWatch watch;

    LinkHealth(@Nullable Link link, @Nullable DomainWatch watch) {
        this.link = link;
        this.watch = watch;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        if (watch != null) {
            boolean isCurrent = watch.isCurrent();
            builder.status(isCurrent ? "UP" : "DOWN")
                    .withDetail("current", isCurrent)
                    .withDetail("domains", watch.all().size());
        }
        if (link != null) {
            tell(builder, link.state());
        }
    }

    private static void tell(Health.Builder builder, LinkState state) {
        switch (state) {
            case LinkState.Up up ->
                builder.withDetail("link", "up")
                        .withDetail("generation", up.generation())
                        .withDetail("since", up.since().toString());
            case LinkState.Down down -> {
                builder.down()
                        .withDetail("link", "down")
                        .withDetail("since", down.since().toString())
                        .withDetail("cause", down.cause().name())
                        .withDetail("tries", down.tries())
                        .withDetail("nextTry", down.nextTry().toString());
                down.failure().ifPresent(builder::withException);
            }
            case LinkState.Closed _ -> builder.down().withDetail("link", "closed");
        }
    }
}
