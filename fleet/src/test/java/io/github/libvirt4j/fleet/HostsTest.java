package io.github.libvirt4j.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsTest {
    @TempDir
    Path folder;

    @Test
    void readsHostsInTheOrderOfTheFile() throws IOException {
        Path file = folder.resolve("hosts.yaml");
        Files.writeString(file, """
                # Two racks.
                hosts:
                  - name: beta
                    uri: qemu+tls://beta.example/system
                    labels: {rack: r1, weight: 3}
                  - {name: alpha, uri: "test:///default"}
                """);
        assertThat(Hosts.read(file))
                .containsExactly(
                        new Host("beta", "qemu+tls://beta.example/system", Map.of("rack", "r1", "weight", "3")),
                        new Host("alpha", "test:///default"));
        Files.writeString(file, "hosts: []");
        assertThat(Hosts.read(file)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                           | : the file is empty
            'hosts'                                      | :1: the file is no mapping
            'host: []'                                   | :1: there is no key 'host' of the file; those there are: hosts
            '{}'                                         | :1: the key 'hosts' is missing
            'hosts: 7'                                   | :1: 'hosts' is not a list
            'hosts:%- alpha'                             | :2: a host is no mapping
            'hosts:%- {name: a, uri: b, port: 7}'        | :2: there is no key 'port' of a host; those there are: labels, name, uri
            'hosts:%- name: a%  uri: b%  name: c'        | :4: the key 'name' is there twice
            'hosts:%- uri: b'                            | :2: the key 'name' is missing
            'hosts:%- name: a'                           | :2: the key 'uri' is missing
            'hosts:%- name: [a]%  uri: b'                | :2: a text is expected here
            'hosts:%- name: a/b%  uri: b'                | :2: 'a/b' is not the name of a host
            'hosts:%- name: a%  uri: b%  labels: r1'     | :4: 'labels' is no mapping
            'hosts:%- {name: a, uri: b}%- {name: a, uri: c}' | :3: a host of line 2 is called 'a', too
            'hosts:%- {name: a, uri: "  "}'              | :2: Host 'a' has no URI
            'hosts:%- name: a%  uri:'                    | :2: Host 'a' has no URI
            'hosts:%- {name: a'                          | :2: expected
            'hosts: *x'                                  | :1: found undefined alias
            """)
    void namesTheLineOfWhatIsWrong(String text, String message) throws IOException {
        Path file = folder.resolve("hosts.yaml");
        Files.writeString(file, text.replace('%', '\n'));
        assertThatIllegalArgumentException().isThrownBy(() -> Hosts.read(file)).withMessageStartingWith(file + message);
    }

    @Test
    void aFileThatIsMissingIsAnotherMatter() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> Hosts.read(folder.resolve("none.yaml")));
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        Path file = Files.write(folder.resolve("hosts.yaml"), "hosts: [\u00e9]".getBytes(StandardCharsets.ISO_8859_1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hosts.read(file))
                .withMessageStartingWith(file + ": the file is not UTF-8; `iconv");
    }

    @Test
    void namesTheFolderThatIsNoFile() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Hosts.read(Path.of("")))
                .withMessage("'': Is a directory");
    }
}
