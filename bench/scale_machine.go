package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// machineLines say what a run was measured on.
func machineLines(ctx context.Context, dir string) []string {
	lines := []string{
		fmt.Sprintf("processor: %s, %d cores for all processes together", processor(), runtime.NumCPU()),
		"memory: " + memoryTotal(),
		"kernel: " + firstLine([]byte(commandSays(ctx, "uname", "-sr"))),
	}
	if p50, p99, err := fsyncTime(dir); err == nil {
		lines = append(lines, fmt.Sprintf("disk: 4 KiB appended and flushed in %.2f ms (p99 %.2f ms)", p50, p99))
	}
	return lines
}

func commandSays(ctx context.Context, name string, args ...string) string {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

func memoryTotal() string {
	kib, err := strconv.Atoi(strings.TrimSuffix(procField("/proc/meminfo", "MemTotal:"), " kB"))
	if err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%.1f GiB", float64(kib)/(1<<20))
}

// procField gives what stands behind a name in a file of /proc, "" where it does not.
func procField(path, name string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// fsyncTime measures how long the disk takes to have a small append for good, in ms.
func fsyncTime(dir string) (p50, p99 float64, err error) {
	path := filepath.Join(dir, "fsync")
	file, err := os.Create(path)
	if err != nil {
		return 0, 0, err
	}
	defer os.Remove(path)
	defer file.Close()
	var times []time.Duration
	page := make([]byte, 4096)
	for range 300 {
		start := time.Now()
		if _, err := file.Write(page); err != nil {
			return 0, 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, 0, err
		}
		times = append(times, time.Since(start))
	}
	return percentile(times, 0.5), percentile(times, 0.99), nil
}

// resident is the memory of a process that is in use, in MiB.
func resident(p *process) float64 { return memoryOf(p, "VmRSS:") }

// peak is the most that it has been since forgetPeak.
func peak(p *process) float64 { return memoryOf(p, "VmHWM:") }

func memoryOf(p *process, name string) float64 {
	kib, _ := strconv.Atoi(strings.TrimSuffix(procField(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid), name), " kB"))
	return float64(kib) / 1024
}

// forgetPeak makes what is in use now the peak. Where the kernel does not let us, the
// peak since the start stays, which is as large or larger.
func forgetPeak(p *process) {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0o200)
}
