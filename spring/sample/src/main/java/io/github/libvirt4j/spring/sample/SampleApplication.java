package io.github.libvirt4j.spring.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// Shows the domains of a hypervisor at `/domains`, their latest changes at `/changes`, and at
/// `/actuator/health` whether they are up to date: `java -jar libvirt4j-spring-sample.jar
/// --libvirt4j.uri=qemu:///system`.
@SpringBootApplication(proxyBeanMethods = false)
public class SampleApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(SampleApplication.class, arguments);
    }
}
