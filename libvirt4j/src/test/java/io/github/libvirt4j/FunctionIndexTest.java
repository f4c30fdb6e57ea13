package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.support.JavaSource;
import io.github.libvirt4j.support.JavaSource.Member;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/// Holds the facts, `java.tsv`, the tags in the Javadoc and the calls in the sources together.
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(NothingLeft.class)
class FunctionIndexTest {
    private static final Path FACTS = Path.of("../codegen/facts");
    private static final Path SOURCES = Path.of("src/main/java/io/github/libvirt4j");

    private static final Pattern TAG = Pattern.compile("@c \\{@index (vir\\w+)} libvirt ([\\d.]+)");
    private static final Pattern SAID = Pattern.compile("said by ([\\w.]+\\w)(?:,? .*)?");
    private static final Pattern CALL = Pattern.compile("(?<!\")\\b(vir[A-Z]\\w+)\\b(?!\")");
    private static final Pattern NAME = Pattern.compile("\"(vir[A-Z]\\w+)\"");

    /// A name and the function that is passed with it: `call("virDomainSuspend", p -> virDomainSuspend(p))`.
    private static final Pattern BESIDE = Pattern.compile(
            "\"(vir\\w+)\",[^\";]*?->[^\"]*?\\b(vir[A-Z]\\w+)\\(|\\b(vir[A-Z]\\w+)\\([^;\"]*\\), \"(vir\\w+)\"");

    private final Map<String, String> versions = new HashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    /// A line of `java.tsv`.
    private record Place(String function, List<String> members, String remark) {
        boolean isOwn() {
            return !members.isEmpty() && remark.isEmpty();
        }
    }

    /// A tag at a member, or at a class for what the class inherits.
    private record Tag(String member, String function, String version) {}

    FunctionIndexTest() throws IOException {
        for (String line : Files.readAllLines(FACTS.resolve("libvirt.tsv"))) {
            String[] column = line.split("\t", -1);
            if (column[0].equals("function")) {
                versions.put(column[1], column[3]);
            }
        }
        for (String line : Files.readAllLines(FACTS.resolve("java.tsv"))) {
            if (!line.startsWith("#")) {
                String[] column = line.split("\t", -1);
                places.add(new Place(
                        column[0], column[1].isEmpty() ? List.of() : List.of(column[1].split(", ", -1)), column[2]));
            }
        }
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : (Iterable<Path>)
                    files.filter(file -> file.toString().endsWith(".java")).sorted()::iterator) {
                members.addAll(JavaSource.members(file, SOURCES));
            }
        }
    }

    private Place place(String function) {
        return places.stream()
                .filter(place -> place.function().equals(function))
                .findFirst()
                .orElseThrow(() -> new AssertionError(function + " has no line"));
    }

    private static String group(MatchResult match, int number) {
        return Objects.requireNonNull(match.group(number));
    }

    private Set<Tag> tags() {
        Set<Tag> tags = new HashSet<>();
        for (Member member : members) {
            for (String line : member.comment()) {
                if (line.contains("@c ")) {
                    Matcher tag = TAG.matcher(line);
                    assertThat(tag.matches()).as(member.name() + ": " + line).isTrue();
                    tags.add(new Tag(member.name(), group(tag, 1), group(tag, 2)));
                }
            }
        }
        return tags;
    }

    private static Optional<Class<?>> type(String name) {
        for (String path = "io.github.libvirt4j." + name; ; path = path.replaceFirst("\\.(?=[^.]+$)", "\\$")) {
            try {
                return Optional.of(Class.forName(path, false, Connect.class.getClassLoader()));
            } catch (ClassNotFoundException e) {
                if (path.contains("libvirt4j$")) {
                    return Optional.empty();
                }
            }
        }
    }

    private static String typeOf(String member) {
        return member.substring(0, member.lastIndexOf('.'));
    }

    /// The public methods a member's name stands for.
    private static List<Method> methods(String member) {
        return type(typeOf(member)).filter(type -> Modifier.isPublic(type.getModifiers())).stream()
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.getName().equals(member.substring(member.lastIndexOf('.') + 1)))
                .toList();
    }

    /// Where the tag of a member stands: with the method, or with the class if the method is inherited.
    private static String taggedAt(String member) {
        boolean declared = methods(member).stream()
                .anyMatch(method ->
                        !method.isSynthetic() && type(typeOf(member)).equals(Optional.of(method.getDeclaringClass())));
        return declared ? member : typeOf(member);
    }

    private Stream<String> names(Pattern pattern, Member member) {
        return pattern.matcher(member.code())
                .results()
                .map(found -> group(found, 1))
                .filter(versions::containsKey);
    }

    @Test
    void hasALineForEachFunction() {
        assertThat(places).extracting(Place::function).containsExactlyElementsOf(new TreeSet<>(versions.keySet()));
    }

    @Test
    void namesPublicMembersThatBearTheTag() {
        Set<Tag> tags = tags();
        Set<String> missing = new TreeSet<>();
        for (Place place : places) {
            if (place.isOwn()) {
                for (String member : place.members()) {
                    String version = versions.getOrDefault(place.function(), "");
                    if (methods(member).isEmpty()) {
                        missing.add(member + " does not exist");
                    } else if (!tags.contains(new Tag(taggedAt(member), place.function(), version))) {
                        missing.add(taggedAt(member) + " lacks '@c {@index " + place.function() + "} libvirt " + version
                                + "'");
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void hasEveryTag() {
        for (Tag tag : tags()) {
            Place place = place(tag.function());
            assertThat(place.isOwn()).as(tag.toString()).isTrue();
            assertThat(place.members().stream().map(FunctionIndexTest::taggedAt))
                    .as(tag.toString())
                    .contains(tag.member());
            assertThat(tag.version()).as(tag.toString()).isEqualTo(versions.get(tag.function()));
        }
    }

    @Test
    void namesWhatDoesTheWorkOfTheOthers() {
        for (Place place : places) {
            Matcher said = SAID.matcher(place.remark());
            if (said.matches()) {
                String by = group(said, 1);
                assertThat(type(by).isPresent() || !methods(by).isEmpty())
                        .as(place.function() + ": " + by + " exists")
                        .isTrue();
            }
        }
    }

    @Test
    void postponesNothing() {
        assertThat(places).noneMatch(place -> place.remark().contains("not yet"));
    }

    @Test
    void knowsEveryCall() {
        Set<String> called = new TreeSet<>();
        members.forEach(member -> names(CALL, member).forEach(called::add));
        assertThat(called).hasSizeGreaterThan(150);
        for (Place place : places) {
            if (place.isOwn()) {
                assertThat(called).as(place.members().toString()).contains(place.function());
            }
        }
        for (String function : called) {
            String remark = place(function).remark();
            assertThat(remark).as(function).doesNotEndWith("not yet").doesNotStartWith("said by");
        }
    }

    /// A method calls the functions of its tags, and those that are inside.
    @Test
    void agreesWithWhatTaggedMethodsCall() {
        Map<String, Set<String>> tagged = tags().stream()
                .collect(Collectors.groupingBy(Tag::member, Collectors.mapping(Tag::function, Collectors.toSet())));
        Set<String> different = new TreeSet<>();
        for (Member member : members) {
            Set<String> own = tagged.getOrDefault(member.name(), Set.of());
            if (own.isEmpty() || member.isType()) {
                continue;
            }
            Stream.concat(names(CALL, member), names(NAME, member))
                    .filter(function ->
                            !own.contains(function) && place(function).isOwn())
                    .forEach(function -> different.add(member.name() + " calls " + function));
        }
        assertThat(different).isEmpty();
    }

    /// The name with which a failure is reported is that of the function called.
    @Test
    void findsNoCallUnderTheNameOfAnother() {
        Set<String> different = new TreeSet<>();
        int compared = 0;
        for (Member member : members) {
            if (member.isType()) {
                continue;
            }
            for (MatchResult pair : BESIDE.matcher(member.code()).results().toList()) {
                compared++;
                boolean first = pair.group(1) != null;
                String name = String.valueOf(pair.group(first ? 1 : 4));
                String function = String.valueOf(pair.group(first ? 2 : 3));
                if (!name.equals(function)) {
                    different.add(member.name() + " calls " + function + " as " + name);
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
        assertThat(different).isEmpty();
    }
}
