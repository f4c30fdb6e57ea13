package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Libvirt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class CompletionTest {
    @AfterEach
    void nothingIsLeft() {
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    /// The candidates for the last word of a line, without their descriptions. An underscore is an empty
    /// word.
    private static List<String> words(String line) {
        Result result = Result.of(("__complete " + line.replace("_", "")).split(" ", -1));
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return result.out().lines().map(each -> each.split("\t", 2)[0]).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sus|suspend",
                "-c test:///default sus|suspend",
                "agent host|hostname",
                "suspend te|test",
                "suspend test te|test",
                "suspend -c test:///default te|test",
                "-c test:///default info _|test",
                "--connect=test:///default info _|test",
                "start --pau|--paused",
                "start --js|--json",
                "shutdown --mode ac|acpi",
                "shutdown --mode acpi,ag|acpi,agent",
                "shutdown --mode=ag|--mode=agent",
                "events --kind domain.lif|domain.lifecycle",
                "events --domain te|test",
                "list --state shuto|shutoff",
                "vol-list _|default-pool",
                "completion b|bash",
                "define _|:files",
                "screenshot test _|:files",
                "-c test:///default job _|test",
                "job --can|--cancel",
                "-c test:///default backup te|test",
                "backup test _|:files",
                "backup --incr|--incremental",
                "-c test:///default migrate te|test",
                "migrate --post|--postcopy",
                "fleet --hosts _|:files",
            })
    void completes(String line, String expected) {
        assertThat(words(line)).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "suspend -c nosuch:///x te",
                "nosuch _",
                "info test te",
                "vol-info nosuch _",
                "list --nosuch=",
                "list --state unr",
                "fleet --hosts=",
                "--open-timeout _"
            })
    void knowsNothingSilently(String line) {
        assertThat(words(line)).isEmpty();
    }

    @Test
    void knowsAllSubcommandsButHiddenOnes() {
        assertThat(words("")).contains("list", "vol-upload", "completion").doesNotContain("man-page");
        assertThat(Result.of("__complete", "lis").out())
                .isEqualTo("list\\tLists the domains, or the networks, storage pools, volumes or devices.\n"
                        .replace("\\t", "\t"));
    }

    /// Its tab would be the end of the name, and its escape another name.
    @Test
    void leavesOutANameThatIsNotPrintedAsItIs(@TempDir Path folder) throws IOException {
        Path node = Files.writeString(folder.resolve("node.xml"), """
                <node>
                  <domain type='test'><name>te\tb</name><memory>65536</memory><os><type>hvm</type></os></domain>
                  <domain type='test'><name>te b</name><memory>65536</memory><os><type>hvm</type></os></domain>
                </node>
                """);
        assertThat(Completion.candidates(List.of("-c", "test://" + node, "info", "te")))
                .containsExactly("te b");
    }

    /// An interactive bash that has the script; the command's name leads to one that knows some names, and prints its
    /// arguments when it is not asked for them.
    private static Tmux bash(Path folder) throws IOException {
        Path script = Files.writeString(
                folder.resolve("script"), Result.of("completion", "bash").out() + "\nPS1='ready> '\n");
        Path run = Files.createDirectory(folder.resolve("bin")).resolve("run");
        Files.writeString(run, """
                #!/bin/bash
                [ "$1" = __complete ] || { printf 'ran '; printf '[%s]' "$@"; exit; }
                : >"$HOME/asked"
                for name in info 'my vm' a:b a@b "it's \\"\\$(touch ran)\\`touch ran\\`"; do
                    [[ $name != "${!#}"* ]] || printf '%s\\tDescribed\\n' "$name"
                done
                """);
        assertThat(run.toFile().setExecutable(true)).isTrue();
        return new Tmux(
                folder,
                100,
                24,
                "export HOME='" + folder + "' INPUTRC=/dev/null HISTFILE=; PATH=$HOME/bin:$PATH; cd",
                List.of("bash", "--noprofile", "--rcfile", script.toString(), "-i"));
    }

    /// An underscore is a blank.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "run -c test:///default in|[-c][test:///default][info]",
                "~/bin/run in|[info]",
                "$HOME/bin/run in|[info]",
                "${HOME}/bin/run in|[info]",
                "run info my|[info][my vm]",
                "run info my\\_|[info][my vm]",
                "run info \"my|[info][my vm]",
                "run info 'my_|[info][my vm]",
                "run info \"m\"y|[info][my vm]",
                "run vol-info my\\_pool my|[vol-info][my pool][my vm]",
                "run vol-info \"my pool\" my|[vol-info][my pool][my vm]",
                "run info a:|[info][a:b]",
                "run info \"a:|[info][a:b]",
                "run info a@|[info][a@b]",
                "run info it|[info][it's \"$(touch ran)`touch ran`]",
                "run info \"it|[info][it's \"$(touch ran)`touch ran`]",
                "run info 'it|[info][it's \"$(touch ran)`touch ran`]",
            })
    void completesInBash(String typed, String expected, @TempDir Path folder) throws Exception {
        try (Tmux bash = bash(folder)) {
            bash.await("ready>");
            bash.press(typed.replace('_', ' '), "Tab", "Enter");
            assertThat(bash.await("ran [")).contains("ran " + expected);
            assertThat(folder.resolve("ran")).doesNotExist();
        }
    }

    /// In a line with a backquote bash completes names of commands, and asks for nothing else.
    @ParameterizedTest
    @ValueSource(strings = {"$(touch ran)", "\"$(touch ran)\"", "${x:-$(touch ran)}", "<(touch ran)"})
    void runsNothingOfALineInBash(String word, @TempDir Path folder) throws Exception {
        try (Tmux bash = bash(folder)) {
            // Keys that are pressed before it reads them are the terminal's to act on.
            bash.await("ready>");
            bash.press("run info " + word + " my", "Tab", "C-u", "echo e''nd", "Enter");
            bash.await("end");
            assertThat(folder.resolve("asked")).exists();
            assertThat(folder.resolve("ran")).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({"zsh, #compdef run", "fish, complete -c run -f -a"})
    void printsScriptsForOtherShells(String shell, String line) {
        Result result = Result.of("completion", shell);
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains(line, "__complete").doesNotContain("COMMAND");
    }

    @Test
    void refusesAnotherShell() {
        Result result = Result.of("completion", "csh");
        assertThat(result.status()).isEqualTo(Status.USAGE);
        assertThat(result.err()).contains("bash, zsh, fish");
    }

    /// The manual page, the page of documentation and the help have every subcommand and exit status.
    @Test
    void describesEverySubcommand() throws IOException {
        String man = Result.of("man-page").out();
        String page = Files.readString(Path.of("../docs/command.md"));
        for (String name : Commands.NAMES) {
            if (name.equals("man-page")) {
                continue;
            }
            assertThat(man).contains("\n.SS \"" + name.replace("-", "\\-"));
            assertThat(page).containsPattern("`" + name + "[ `]");
            Result help = Result.of(name, "--help");
            assertThat(help.status()).isZero();
            assertThat(help.out()).contains("\nExample:\n  run " + name, "--connect");
        }
        assertThat(man).doesNotContain("${", "%n");
        for (String each : Status.MEANINGS) {
            String[] status = each.split(":", 2);
            assertThat(page).contains("| " + status[0] + " | ");
            assertThat(man).contains("\\fB" + status[0] + "\\fR");
            assertThat(Result.of("--help").out()).containsPattern("(?m)^  " + status[0] + " ");
        }
        assertThat(Stream.of(Status.MEANINGS)).hasSize(14);
    }
}
