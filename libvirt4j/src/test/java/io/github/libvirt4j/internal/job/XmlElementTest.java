package io.github.libvirt4j.internal.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.libvirt4j.NothingLeft;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class XmlElementTest {
    @Test
    void readsElementsAndAttributes() {
        XmlElement root = XmlElement.parse("""
                <?xml version="1.0"?>
                <!DOCTYPE domain [ <!ENTITY x "y"> ]>
                <!-- <domain id='0'> -->
                <domain type='qemu' id = "3" xmlns:q='http://q'>
                  <name>a &lt; b</name>
                  <![CDATA[ </domain> ]]>
                  <disk a='1'/><disk a='2' ><q:x/></disk >
                </domain>
                """);
        assertThat(root.name()).isEqualTo("domain");
        assertThat(root.attributes()).hasSize(3).containsEntry("id", "3").containsEntry("type", "qemu");
        assertThat(root.child("none")).isNull();
        assertThat(root.attribute("none")).isNull();
        List<XmlElement> disks = root.children("disk");
        assertThat(disks).extracting(disk -> disk.attribute("a")).containsExactly("1", "2");
        assertThat(disks.get(0).children()).isEmpty();
        assertThat(disks.get(1).child("q:x")).isNotNull();
        assertThat(root.child("disk")).isSameAs(disks.get(0));
    }

    @Test
    void readsEntities() {
        XmlElement root = XmlElement.parse("<a b='&amp;&lt;&gt;&quot;&apos;&#65;&#x1F600;' c=\"it's > \"/>");
        assertThat(root.attribute("b")).isEqualTo("&<>\"'A\uD83D\uDE00");
        assertThat(root.attribute("c")).isEqualTo("it's > ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "<a>",
                "<a></b>",
                "</a>",
                "<a/><b/>",
                "<a",
                "<a b>",
                "<a b=>",
                "<a b='>",
                "<a b=c/>",
                "<a/",
                "< a/>",
                "<!-- ",
                "<a b='&'/>",
                "<a b='&nothing;'/>",
                "<a b='&12;'/>",
                "<a b='&#;'/>",
                "<a b='&;'/>",
                "<a b='&#x110000;'/>",
                "<a><![CDATA[</a>",
                "<?xml",
                "<a></a",
                "<a ='b'/>"
            })
    void refusesWhatIsNoTree(String xml) {
        assertThatIllegalArgumentException().isThrownBy(() -> XmlElement.parse(xml));
    }
}
