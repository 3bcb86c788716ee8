package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// deployFile reads a file of deploy/.
func deployFile(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "deploy"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDeploy_Flags: what the files for systemd and containers say to the server, it knows.
func TestDeploy_Flags(t *testing.T) {
	flags, inEnvironment := serveCommand().Flags(), map[string]bool{}
	flags.VisitAll(func(f *pflag.Flag) { inEnvironment[envName(f.Name)] = true })
	inEnvironment[envName("store")] = true // of the store on MongoDB
	unit, file, compose := deployFile(t, "fieldstack.service"), deployFile(t, "Containerfile"), deployFile(t, "compose.yml")
	start := regexp.MustCompile(`(?m)^ExecStart=\S+ serve (.*)$`).FindStringSubmatch(unit)
	if start == nil {
		t.Fatal("the unit starts no server")
	}
	used := regexp.MustCompile(`(?:^|\s)--([a-z-]+)`).FindAllStringSubmatch(start[1], -1)
	used = append(used, regexp.MustCompile(`(?m)^ +- --([a-z-]+)=`).FindAllStringSubmatch(compose, -1)...)
	for _, flag := range used {
		if flags.Lookup(flag[1]) == nil {
			t.Errorf("there is no flag --%s", flag[1])
		}
	}
	if len(used) < 8 {
		t.Errorf("only %d flags were found", len(used))
	}
	for _, found := range regexp.MustCompile(`\b(FIELDSTACK_[A-Z_]+)\b`).FindAllString(unit+file+compose, -1) {
		if !inEnvironment[found] {
			t.Errorf("no flag is %s in the environment", found)
		}
	}
	check := regexp.MustCompile(`CMD \["/fieldstack", "health", "--([a-z]+)"\]`).FindStringSubmatch(file)
	if check == nil || healthCommand().Flags().Lookup(check[1]) == nil {
		t.Errorf("the container asks for its health by %q", check)
	}
}

// TestDeploy_TimeToStop: nobody kills a server that keeps to the times it was given.
func TestDeploy_TimeToStop(t *testing.T) {
	for name, given := range map[string][]string{
		"fieldstack.service": regexp.MustCompile(`TimeoutStopSec=(\d+)`).FindStringSubmatch(deployFile(t, "fieldstack.service")),
		"compose.yml":        regexp.MustCompile(`stop_grace_period: (\d+)s\n  restart: unless-stopped\n  read_only`).FindStringSubmatch(deployFile(t, "compose.yml")),
	} {
		if given == nil {
			t.Errorf("%s does not say how long a stop may take", name)
			continue
		}
		patience, _ := time.ParseDuration(given[1] + "s")
		needs := closeTime
		for _, flag := range []string{"drain-delay", "drain-time"} {
			value := regexp.MustCompile(`--` + flag + `[ =](\w+)`).FindStringSubmatch(deployFile(t, name)[strings.Index(deployFile(t, name), "serve"):])
			if value == nil {
				t.Fatalf("%s does not give --%s", name, flag)
			}
			d, err := time.ParseDuration(value[1])
			if err != nil {
				t.Fatal(err)
			}
			needs += d
		}
		if patience < needs+5*time.Second {
			t.Errorf("%s: a stop may take %v, and is broken off after %v", name, needs, patience)
		}
	}
}

// TestDeploy_YAML: every file parses, and what compose mounts is there.
func TestDeploy_YAML(t *testing.T) {
	root := filepath.Join("..", "..", "deploy")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".yml") {
			return err
		}
		seen++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var v any
		if err := yaml.Unmarshal(text, &v); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil || seen < 4 {
		t.Errorf("%d files, %v", seen, err)
	}
	var compose struct {
		Services map[string]struct {
			Image, NetworkMode string
			Volumes            []string
			DependsOn          any `yaml:"depends_on"`
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal([]byte(deployFile(t, "compose.yml")), &compose); err != nil {
		t.Fatal(err)
	}
	for name, s := range compose.Services {
		if s.Image == "" {
			t.Errorf("%s has no image", name)
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if _, known := compose.Volumes[from]; known {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, from)); err != nil || !strings.HasPrefix(from, "./") {
				t.Errorf("%s mounts %s, which is not there", name, from)
			}
		}
	}
	for _, name := range []string{"fieldstack-1", "fieldstack-2", "fieldstack-3", "mongo-1", "mongo-2", "mongo-3", "proxy"} {
		if _, there := compose.Services[name]; !there {
			t.Errorf("there is no %s", name)
		}
	}
}
