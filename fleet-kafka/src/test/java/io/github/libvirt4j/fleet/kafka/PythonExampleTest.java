package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The consumer of `docs` in Python, without a broker.
final class PythonExampleTest {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    @Test
    void itKeepsTheTable() throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "There is no python3");
        assertThat(run("""
                from fleet_table import FleetTable
                table = FleetTable()
                def header(epoch, seq):
                    return [("ce_type", b"x"), ("ce_sequence", b"%019d.%019d" % (epoch, seq))]
                def domain(state, epoch, seq):
                    return table.apply("h/u", b'{"state": "%s"}' % state, header(epoch, seq), False)
                def host(status, epoch, seq):
                    value = b'{"status": "%s", "asOf": "12:01"}' % status
                    return table.apply("h", value, header(epoch, seq), True)
                print(table.state("h/u"))
                host(b"UP", 9, 0)
                domain(b"RUNNING", 9, 1)
                print(table.state("h/u"))
                print(domain(b"PAUSED", 8, 100))
                host(b"DOWN", 9, 2)
                print(table.state("h/u"))
                host(b"UP", 10, 0)
                domain(b"SHUTOFF", 10, 1)
                print(table.state("h/u"))
                print(table.apply("h/u", None, header(10, 2), False), table.state("h/u"))
                print(domain(b"RUNNING", 9, 3), table.state("h/u"))
                """))
                .containsExactly(
                        "None",
                        "RUNNING",
                        "False",
                        "RUNNING as of 12:01, host DOWN",
                        "SHUTOFF",
                        "True None",
                        "False None");
    }

    private static List<String> run(String program) throws IOException, InterruptedException {
        Process python = new ProcessBuilder(PYTHON.toString(), "-B", "-c", program)
                .directory(Path.of("../docs").toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
