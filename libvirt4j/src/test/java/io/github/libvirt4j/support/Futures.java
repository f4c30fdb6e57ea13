package io.github.libvirt4j.support;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Results that tests wait for.
public final class Futures {
    private Futures() {}

    /// Waits for a result, for a minute at most, and throws the exception itself of a future that has one.
    public static <T extends @Nullable Object> T get(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
