package io.github.libvirt4j;

import io.github.libvirt4j.internal.CMemory;
import io.github.libvirt4j.internal.CText;
import io.github.libvirt4j.internal.raw.VirConnectCredential;
import io.github.libvirt4j.types.ConnectCredentialType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A question of a hypervisor about who we are, and our answer. C: `virConnectCredential`.
///
/// Belongs to the call of the [Authenticator] it was passed to, and is safe for use by any thread. An answer
/// goes straight into C's memory; no other copy of it is made.
public final class Credential {
    private final int rawType;
    private final @Nullable String prompt;
    private final @Nullable String challenge;
    private final @Nullable String defaultResult;

    /// Guards what follows. Never held while a user's code runs.
    private final Object lock = new Object();

    /// C's memory, ours until it is given to libvirt.
    private MemorySegment answer = MemorySegment.NULL;

    private int length;
    private boolean over;

    Credential(MemorySegment struct) {
        this.rawType = VirConnectCredential.type(struct);
        this.prompt = CMemory.string(VirConnectCredential.prompt(struct));
        this.challenge = CMemory.string(VirConnectCredential.challenge(struct));
        this.defaultResult = CMemory.string(VirConnectCredential.defresult(struct));
    }

    /// What is asked for.
    public ConnectCredentialType type() {
        return ConnectCredentialType.of(rawType);
    }

    /// The number C uses for that, a `virConnectCredentialType`.
    public int rawType() {
        return rawType;
    }

    /// What to ask a person, if the other side says.
    public @Nullable String prompt() {
        return prompt;
    }

    /// What the other side gave to answer to, if anything.
    public @Nullable String challenge() {
        return challenge;
    }

    /// What the other side would take if a person says nothing, if anything.
    public @Nullable String defaultResult() {
        return defaultResult;
    }

    /// Whether the answer should not be shown: a password.
    public boolean isSecret() {
        return type() == ConnectCredentialType.PASSPHRASE || type() == ConnectCredentialType.NOECHOPROMPT;
    }

    /// Answers. A second answer replaces the first.
    ///
    /// @param chars wiped when this returns; C gets them as UTF-8
    /// @throws IllegalArgumentException if there is a NUL in them, or half of a surrogate pair
    /// @throws IllegalStateException after the authenticator has returned or thrown, on whatever thread
    public void answer(char[] chars) {
        try {
            synchronized (lock) {
                replace(chars);
            }
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    private void replace(char[] chars) {
        if (over) {
            throw new IllegalStateException("Too late: the authenticator has returned. It has to wait for its answers");
        }
        discard();
        boolean encoded = false;
        try {
            encode(chars);
            encoded = true;
        } finally {
            if (!encoded) {
                discard();
            }
        }
    }

    /// Straight from the array into C's memory, which C frees.
    private void encode(char[] chars) {
        answer = CMemory.allocate(CText.mostBytes(chars.length));
        ByteBuffer bytes = answer.asByteBuffer();
        CText.encode(CharBuffer.wrap(chars), bytes, "The answer");
        length = bytes.position();
        answer.asSlice(length).fill((byte) 0);
    }

    /// Refuses answers from now on.
    ///
    /// @return whether there is one
    boolean close() {
        synchronized (lock) {
            over = true;
            return isAnswered();
        }
    }

    /// Gives the answer to libvirt, which frees it. For one that is closed.
    void give(MemorySegment struct) {
        synchronized (lock) {
            VirConnectCredential.result(struct, answer);
            VirConnectCredential.resultlen(struct, length);
            answer = MemorySegment.NULL;
        }
    }

    /// Closes it as well; an answer that was not given is gone without a trace.
    void end() {
        synchronized (lock) {
            over = true;
            discard();
        }
    }

    private boolean isAnswered() {
        return !CMemory.isNull(answer);
    }

    private void discard() {
        MemorySegment discarded = answer;
        if (isAnswered()) {
            answer = MemorySegment.NULL;
            discarded.fill((byte) 0);
            CMemory.free(discarded);
        }
    }

    @Override
    public String toString() {
        return type() + (prompt == null ? "" : " " + prompt);
    }
}
