package dev.plimsoll.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static List<String> visible(String mountinfo) {
    return new MountTable(mountinfo)
        .visible().stream().map(mount -> mount.root() + " on " + mount.point()).toList();
  }

  @Test
  void whatAContainerMountedOverIsHidden() {
    // bubblewrap with a tmpfs over /sys/fs/cgroup and the container's own group in it
    assertThat(
            visible(
                """
                60 1 254:0 / / ro - ext4 /dev/vda rw
                68 60 0:22 / /sys ro - sysfs sysfs rw
                69 68 0:28 / /sys/fs/cgroup ro - tmpfs tmpfs rw,mode=755
                73 69 0:32 / /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory
                97 69 0:44 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
                98 97 0:32 /run-1 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                """))
        .containsExactly(
            "/ on /", "/ on /sys", "/ on /sys/fs/cgroup", "/run-1 on /sys/fs/cgroup/memory");
  }

  @Test
  void aMountOnTheSamePlaceIsTheUpperOne() {
    assertThat(
            visible(
                """
                60 1 254:0 / / rw - ext4 /dev/vda rw
                70 60 0:32 / /cg ro - cgroup2 cgroup2 rw
                71 70 0:32 /mine /cg rw - cgroup2 cgroup2 rw
                """))
        .containsExactly("/ on /", "/mine on /cg");
  }

  @Test
  void theOrderOfLinesDoesNotCount() {
    // as after an initial ramdisk: what it mounted has lower numbers than the root
    assertThat(
            visible(
                """
                22 61 0:21 / /proc rw - proc proc rw
                23 61 0:22 / /sys rw - sysfs sysfs rw
                30 23 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate
                61 1 0:31 /root / rw - btrfs /dev/vda2 rw
                """))
        .containsExactly("/ on /proc", "/ on /sys", "/ on /sys/fs/cgroup", "/root on /");
  }

  @Test
  void aTableThatNamesItselfAsParentEnds() {
    assertThat(visible("1 1 0:1 / / rw - rootfs rootfs rw\ntorn line\n")).containsExactly("/ on /");
  }
}
