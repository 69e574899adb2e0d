using BenchmarkDotNet.Running;
using NetDicom.Bench;

BenchmarkSwitcher.FromTypes([typeof(DataSetBenchmarks)]).Run(args);
