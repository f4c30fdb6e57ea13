package io.github.libvirt4j;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.testing.SessionDaemon;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the README, run. [#standInTheReadme] holds the two texts together.
@ExtendWith(NothingLeft.class)
class ReadmeTest {
    @Test
    @Timeout(30)
    void watches() throws Exception {
        String uri = SessionDaemon.shared().unixUri(Embedded.URI);
        // README
        try (Link link = Link.to(uri).open()) { // such as qemu:///system
            DomainWatch domains = link.watchDomains(new DomainHandler() {
                @Override
                public void changed(DomainView was, DomainView now, Why why) {
                    System.out.println(now.domain().name() + ": " + was.state() + " -> " + now.state());
                }
            });
            if (domains.awaitCurrent(Duration.ofSeconds(10))) {
                System.out.println(domains.all().size() + " domains");
            } else {
                System.out.println(link.state());
            }
        }
        // end
    }

    @Test
    @Timeout(30)
    void events() throws Exception {
        // README
        try (Connect conn = Connect.open("test:///default")) {
            var paused = new CountDownLatch(1);
            conn.on(DomainEvent.LIFECYCLE, e -> {
                System.out.println(e); // domain.lifecycle test SUSPENDED PAUSED
                paused.countDown();
            });
            conn.domains().lookupByName("test").suspend();
            paused.await();
        }
        // end
    }

    @Test
    @Timeout(30)
    void connections() {
        try (SessionDaemon daemon = SessionDaemon.start(Map.of("fred", "secret"))) {
            String uri = daemon.tcpUri();
            char[] password = "secret".toCharArray();
            // README
            try (Connect conn = Connect.to(uri) // such as qemu+tcp://host/system
                    .authenticator(Authenticator.of("fred", password))
                    .open()) {
                conn.on(ConnectEvent.CLOSED, e -> System.out.println("gone: " + e.reason()));
                System.out.println(conn.hostname());
            }
            // end
        }
    }

    @Test
    @Timeout(30)
    void streams(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("screen.png");
        try (Connect conn = Embedded.open();
                Domain domain = conn.domains().lookupByName("test")) {
            // README
            try (Stream stream = conn.newStream();
                    FileChannel file = FileChannel.open(path, CREATE, WRITE)) {
                domain.console().screenshot(stream, 0);
                stream.receiveAll(file::write); // straight out of libvirt's memory
                stream.finish();
            }
            // end
        }
        assertThat(path).isNotEmptyFile();
    }

    @Test
    void errors() {
        try (Connect conn = Embedded.open()) {
            // README
            try (Domain domain = conn.domains().lookupByName("web-7")) {
                domain.suspend();
            } catch (NotFoundException e) {
                System.out.println("gone: " + e.getMessage());
            } catch (OperationInvalidException e) {
                System.out.println("not running: " + e.getMessage());
            }
            // end
        }
    }

    @Test
    void standInTheReadme() throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        String here = Files.readString(Path.of("src/test/java/io/github/libvirt4j/ReadmeTest.java"));
        List<String> shown = blocks(readme, "```java\n(.*?)```");
        assertThat(shown).hasSize(5).isEqualTo(blocks(here, "// README\n(.*?)// end"));
    }

    private static List<String> blocks(String text, String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .map(block -> block.replaceAll("^.*\n|```$|// end$", "")
                        .replaceAll("\\s+", " ")
                        .strip())
                .toList();
    }
}
