package io.github.libvirt4j.internal.auth;

import io.github.libvirt4j.auth.Credential;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CText;
import io.github.libvirt4j.internal.raw.VirConnectCredential;
import io.github.libvirt4j.types.ConnectCredentialType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A [Credential] in C's memory. An answer goes straight there; no other copy of it is made.
final class Question implements Credential {
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

    Question(MemorySegment struct) {
        this.rawType = VirConnectCredential.type(struct);
        this.prompt = CMemory.string(VirConnectCredential.prompt(struct));
        this.challenge = CMemory.string(VirConnectCredential.challenge(struct));
        this.defaultResult = CMemory.string(VirConnectCredential.defresult(struct));
    }

    @Override
    public ConnectCredentialType type() {
        return ConnectCredentialType.of(rawType);
    }

    @Override
    public int rawType() {
        return rawType;
    }

    @Override
    public @Nullable String prompt() {
        return prompt;
    }

    @Override
    public @Nullable String challenge() {
        return challenge;
    }

    @Override
    public @Nullable String defaultResult() {
        return defaultResult;
    }

    @Override
    public boolean isSecret() {
        return type() == ConnectCredentialType.PASSPHRASE || type() == ConnectCredentialType.NOECHOPROMPT;
    }

    @Override
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
