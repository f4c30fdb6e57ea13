package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// The steps that `docs/fleet-kafka.md` tells operators, so that tests take exactly these.
final class Guide {
    private static final Path FILE = Path.of("../docs/fleet-kafka.md");
    private static final Pattern RIGHTS =
            Pattern.compile("(?m)^\\| (worker|operator|consumer)( at the first start)? \\|"
                    + " (topic|group|transactional id)s?( with the prefix)? (.*) \\| (.*) \\|$");
    private static final Pattern NAME = Pattern.compile("`([^`]*)`");
    private static final Pattern PROPERTIES = Pattern.compile("(?s)```properties\n(.*?)```");

    private Guide() {}

    /// A row of the table of rights, for one operation on one resource.
    ///
    /// @param isForTheFirstStart whether it is needed only while topics do not exist
    record Right(boolean isForTheFirstStart, AclBinding binding) {
        String principal() {
            return binding.entry().principal().substring("User:".length());
        }

        String operation() {
            return Rights.name(binding.entry().operation());
        }

        String resource() {
            return binding.pattern().name();
        }

        /// The resource first, in the name of a test.
        @Override
        public String toString() {
            return principal() + " " + resource() + " " + operation();
        }
    }

    private static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The table of rights, for other names.
    ///
    /// @param prefix instead of `libvirt.`
    /// @param group instead of `libvirt.hosts`
    static List<Right> rights(String prefix, String group) {
        List<Right> rights = new ArrayList<>();
        RIGHTS.matcher(text()).results().forEach(row -> rights.addAll(rights(row, prefix, group)));
        assertThat(rights).hasSizeGreaterThan(12);
        return rights;
    }

    private static List<Right> rights(MatchResult row, String prefix, String group) {
        List<Right> rights = new ArrayList<>();
        ResourceType type = ResourceType.valueOf(group(row, 3).replace(' ', '_').toUpperCase(Locale.ROOT));
        PatternType pattern = row.group(4) == null ? PatternType.LITERAL : PatternType.PREFIXED;
        for (MatchResult name : NAME.matcher(group(row, 5)).results().toList()) {
            String its = type == ResourceType.TOPIC
                    ? group(name, 1).replaceFirst("^libvirt\\.", prefix)
                    : group(name, 1).replaceFirst("^libvirt\\.hosts", group);
            for (String operation : group(row, 6).split(", ", -1)) {
                rights.add(new Right(
                        row.group(2) != null,
                        new AclBinding(
                                new ResourcePattern(type, its, pattern),
                                new AccessControlEntry(
                                        "User:" + group(row, 1), "*", operation(operation), AclPermissionType.ALLOW))));
            }
        }
        return rights;
    }

    private static String group(MatchResult match, int number) {
        return Objects.requireNonNull(match.group(number));
    }

    private static AclOperation operation(String name) {
        return Stream.of(AclOperation.values())
                .filter(each -> Rights.name(each).equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// The example of the properties of clients, for another user, and with the place of the brokers.
    static Map<String, String> client(String bootstrap, String user, String password, Path authority) {
        Matcher example = PROPERTIES.matcher(text());
        assertThat(example.find()).isTrue();
        var properties = new Properties();
        try {
            properties.load(new StringReader(group(example, 1)
                    .replace("\"worker\"", "\"" + user + "\"")
                    .replace("CHANGE-ME", password)
                    .replace("/etc/fleet/kafka-ca.pem", authority.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> client = new HashMap<>(Map.of("bootstrap.servers", bootstrap));
        properties
                .stringPropertyNames()
                .forEach(name -> client.put(name, Objects.requireNonNull(properties.getProperty(name))));
        assertThat(client.get("sasl.jaas.config")).contains(user, password);
        assertThat(client).containsEntry("ssl.truststore.location", authority.toString());
        return client;
    }
}
