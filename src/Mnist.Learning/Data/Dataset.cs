namespace Mnist.Learning.Data;

/// <summary>A data set that was read and checked: its training and test split and what identifies its content.</summary>
/// <param name="Name">What to call it: <c>mnist</c> where the hashes are MNIST's, else the folder's name.</param>
/// <param name="Training">The training split.</param>
/// <param name="Test">The test split, read only to evaluate.</param>
/// <param name="Sha256">SHA-256, lower-case hexadecimal, of the four uncompressed files: training images and labels, then test.</param>
public sealed record Dataset(string Name, ImageSet Training, ImageSet Test, string Sha256);
