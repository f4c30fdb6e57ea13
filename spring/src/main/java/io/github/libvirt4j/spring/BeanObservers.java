package io.github.libvirt4j.spring;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.observe.Observer;
import java.util.List;
import org.springframework.beans.factory.DisposableBean;

/// Adds the observers among the beans, for the life of the application.
final class BeanObservers implements BeforeLinks, DisposableBean {
    private final List<Observer> observers;

    BeanObservers(List<Observer> observers) {
        this.observers = observers;
        observers.forEach(Libvirt::addObserver);
    }

    @Override
    public void destroy() {
        observers.forEach(Libvirt::removeObserver);
    }
}
