/// The command, a class a subcommand. Uses only what the library shows everybody.
package io.github.libvirt4j.cli;
