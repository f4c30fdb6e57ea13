package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Which events a test provokes and receives. It fails if it does not, and is skipped where libvirt is older
/// than they are.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ExtendWith(Receives.Check.class)
@interface Receives {
    /// Their records.
    Class<? extends Event>[] value();

    /// Looks into it that it is so.
    final class Check implements ExecutionCondition, BeforeTestExecutionCallback, AfterTestExecutionCallback {
        private static final Set<Class<?>> RECEIVED = ConcurrentHashMap.newKeySet();

        /// That a test got one it had waited for.
        static void note(Event event) {
            RECEIVED.add(event.getClass());
        }

        private static List<Class<? extends Event>> wanted(ExtensionContext context) {
            return context.getTestMethod()
                    .map(method -> method.getAnnotation(Receives.class))
                    .map(annotation -> Arrays.asList(annotation.value()))
                    .orElse(List.of());
        }

        private static EventKind<?> kind(Class<? extends Event> type) {
            return Libvirt.eventKinds().stream()
                    .filter(kind -> kind.type() == type)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            for (Class<? extends Event> each : wanted(context)) {
                EventKind<?> kind = kind(each);
                if (Libvirt.version().compareTo(kind.since()) < 0) {
                    return ConditionEvaluationResult.disabled(kind + " needs libvirt " + kind.since());
                }
            }
            return ConditionEvaluationResult.enabled("libvirt is new enough");
        }

        @Override
        public void beforeTestExecution(ExtensionContext context) {
            RECEIVED.clear();
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            if (context.getExecutionException().isEmpty()) {
                assertThat(RECEIVED).containsAll(wanted(context));
            }
        }
    }
}
