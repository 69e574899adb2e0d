using BenchmarkDotNet.Running;
using NetDicom.Bench;

BenchmarkSwitcher.FromTypes([typeof(ProtocolBenchmarks)]).Run(args);
