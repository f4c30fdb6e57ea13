package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainOpenChannel;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainOpenConsole;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainScreenshot;

import io.github.libvirt4j.stream.Sink;
import io.github.libvirt4j.stream.ThrowingSink;
import io.github.libvirt4j.types.DomainChannelFlags;
import io.github.libvirt4j.types.DomainConsoleFlags;
import io.github.libvirt4j.types.Flag;
import org.jspecify.annotations.Nullable;

/// The consoles, channels and screens of a domain, reached by `domain.console()`. Owns nothing and need not
/// be closed; its calls fail with an [IllegalStateException] after the domain or its connection was closed.
/// Immutable, for use by any thread.
///
/// @param domain whose it is
public record DomainConsole(Domain domain) {
    /// Lets a picture of one of its screens come over a stream.
    ///
    /// @c {@index virDomainScreenshot} libvirt 0.9.2
    /// @param stream one that was not used for anything yet
    /// @param screen its number, from 0
    /// @return what sort of picture it is: `image/png`, `image/x-portable-pixmap`, …
    public String screenshot(Stream stream, int screen) {
        return stream.attach(
                domain.connect(),
                st -> domain.takeString("virDomainScreenshot", p -> virDomainScreenshot(p, st, screen, 0)));
    }

    /// Takes a picture of one of its screens.
    ///
    /// ```java
    /// String type = domain.console().screenshot(0, file::write);
    /// ```
    ///
    /// @param screen its number, from 0
    /// @param sink is given the picture, piece by piece
    /// @return what sort of picture it is: `image/png`, `image/x-portable-pixmap`, …
    /// @throws X what the sink threw
    public <X extends Exception> String screenshot(int screen, Sink<X> sink) throws X {
        try (Stream stream = domain.connect().newStream()) {
            String type = screenshot(stream, screen);
            stream.receiveAll(sink);
            stream.finish();
            return type;
        }
    }

    /// Takes a picture of one of its screens, for languages without checked exceptions. As [#screenshot(int,
    /// Sink)] in all else.
    ///
    /// @throws Exception what the sink threw, the same object
    @SuppressWarnings("overloads") // Sink is a ThrowingSink, and therefore always the more specific.
    public String screenshot(int screen, ThrowingSink sink) throws Exception {
        Sink<Exception> known = sink::write;
        return screenshot(screen, known);
    }

    /// Connects a stream, in both directions, with a console: a serial or parallel port that the guest has.
    ///
    /// @c {@index virDomainOpenConsole} libvirt 0.8.6
    /// @param device the alias of the console, serial or parallel device; null for the first
    /// @param stream one that was not used for anything yet
    /// @param flags [DomainConsoleFlags#FORCE] takes it from whoever has it; with
    ///     [DomainConsoleFlags#SAFE] a driver that cannot keep others out refuses
    public void open(@Nullable String device, Stream stream, DomainConsoleFlags... flags) {
        stream.attachConversation(
                domain.connect(),
                st -> domain.call(
                        "virDomainOpenConsole",
                        (p, in) ->
                                virDomainOpenConsole(p, in.stringOrNull(device, "device"), st, Flag.combine(flags))));
    }

    /// Connects a stream, in both directions, with a channel to something in the guest.
    ///
    /// @c {@index virDomainOpenChannel} libvirt 1.0.2
    /// @param name of the channel's target; null for the first channel
    /// @param stream one that was not used for anything yet
    /// @param flags [DomainChannelFlags#FORCE] takes it from whoever has it
    public void openChannel(@Nullable String name, Stream stream, DomainChannelFlags... flags) {
        stream.attachConversation(
                domain.connect(),
                st -> domain.call(
                        "virDomainOpenChannel",
                        (p, in) -> virDomainOpenChannel(p, in.stringOrNull(name, "name"), st, Flag.combine(flags))));
    }
}
