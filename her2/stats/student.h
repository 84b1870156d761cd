// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace her2 {

// Student's t with `df` degrees of freedom (any number above 0): its distribution function and the inverse (0 < p < 1).
[[nodiscard]] double student_cdf(double t, double df);
[[nodiscard]] double student_quantile(double p, double df);

// Quantile of Fisher's F with (df1, df2) degrees of freedom, 0 < p < 1.
[[nodiscard]] double fisher_quantile(double p, double df1, double df2);

}  // namespace her2
