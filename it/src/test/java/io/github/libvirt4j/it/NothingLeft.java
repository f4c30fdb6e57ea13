package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.internal.Workers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Every test gives back what it lent to C, and closes what it opened, and no thread of the library's hangs.
final class NothingLeft implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        // What ends in the background gets the time to.
        while (Libvirt.closuresOnLoan() + Libvirt.handlesOpen() + Workers.busy() != 0 && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        assertThat(Libvirt.closuresOnLoan()).as("closures on loan").isZero();
        assertThat(Libvirt.handlesOpen()).as("handles open").isZero();
        assertThat(Workers.busy()).as("workers busy").isZero();
    }
}
