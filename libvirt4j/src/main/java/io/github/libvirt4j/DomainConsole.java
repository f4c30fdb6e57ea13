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

/// The consoles, channels and screens of a domain: `domain.console()`. Immutable, safe for use by any thread.
/// See [collections][io.github.libvirt4j] in the package description.
///
/// @param domain the domain
public record DomainConsole(Domain domain) {
    /// Attaches a stream that delivers a screenshot of the domain, for [Stream#receiveAll] and similar
    /// methods.
    ///
    /// @c {@index virDomainScreenshot} libvirt 0.9.2
    /// @param stream a new stream, not attached to anything yet
    /// @param screen the number of the screen, from 0
    /// @return the MIME type of the picture: `image/png`, `image/x-portable-pixmap`, …
    public String screenshot(Stream stream, int screen) {
        return stream.attach(
                domain.connect(),
                st -> domain.takeString("virDomainScreenshot", p -> virDomainScreenshot(p, st, screen, 0)));
    }

    /// Takes a screenshot of the domain.
    ///
    /// ```java
    /// String type = domain.console().screenshot(0, file::write);
    /// ```
    ///
    /// @param screen the number of the screen, from 0
    /// @param sink receives the picture, piece by piece
    /// @return the MIME type of the picture: `image/png`, `image/x-portable-pixmap`, …
    /// @throws X the exception of the sink, the same object
    public <X extends Exception> String screenshot(int screen, Sink<X> sink) throws X {
        try (Stream stream = domain.connect().newStream()) {
            String type = screenshot(stream, screen);
            stream.receiveAll(sink);
            stream.finish();
            return type;
        }
    }

    /// Takes a screenshot of the domain, in languages without checked exceptions. Otherwise like
    /// [#screenshot(int, Sink)].
    ///
    /// @param screen the number of the screen, from 0
    /// @param sink receives the picture, piece by piece
    /// @return the MIME type of the picture
    /// @throws Exception the exception of the sink, the same object
    @SuppressWarnings("overloads") // Sink is a ThrowingSink, and therefore always the more specific.
    public String screenshot(int screen, ThrowingSink sink) throws Exception {
        Sink<Exception> known = sink::write;
        return screenshot(screen, known);
    }

    /// Attaches a stream, in both directions, to a console: a serial or parallel port of the guest.
    ///
    /// @c {@index virDomainOpenConsole} libvirt 0.8.6
    /// @param device the alias of the console, serial or parallel device; null for the first
    /// @param stream a new stream, not attached to anything yet
    /// @param flags default: the call fails if the console is in use; [DomainConsoleFlags#FORCE] disconnects
    ///     its user, and [DomainConsoleFlags#SAFE] fails if the driver cannot exclude other users
    public void open(@Nullable String device, Stream stream, DomainConsoleFlags... flags) {
        stream.attachConversation(
                domain.connect(),
                st -> domain.call(
                        "virDomainOpenConsole",
                        (p, in) ->
                                virDomainOpenConsole(p, in.stringOrNull(device, "device"), st, Flag.combine(flags))));
    }

    /// Attaches a stream, in both directions, to a channel to a program in the guest.
    ///
    /// @c {@index virDomainOpenChannel} libvirt 1.0.2
    /// @param name the alias or target name of the channel; null for the first channel
    /// @param stream a new stream, not attached to anything yet
    /// @param flags default: the call fails if the channel is in use; [DomainChannelFlags#FORCE] disconnects
    ///     its user
    public void openChannel(@Nullable String name, Stream stream, DomainChannelFlags... flags) {
        stream.attachConversation(
                domain.connect(),
                st -> domain.call(
                        "virDomainOpenChannel",
                        (p, in) -> virDomainOpenChannel(p, in.stringOrNull(name, "name"), st, Flag.combine(flags))));
    }
}
